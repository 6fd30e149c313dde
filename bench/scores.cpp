// From a table to scores, 28 numbers | 100 trees of 31 leaves | isotonic, against loops by hand: columns made by the
// same arithmetic into a new matrix, then the trees of each row walked with a branch a node, then the map. The same
// bits. `by_rows` holds the table call against calling the online function for every record.
#include "data.hpp"
#include "mlsd/features.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/gbdt.hpp"
#include "versus.hpp"

namespace {

constexpr std::size_t rows = 50'000, width = 28;
constexpr auto& schema = bench::wide<width>;

auto make_scorer() {
  auto table = bench::wide_table<width>(100'000);
  mlsd::random_stream random(4);
  const auto c0 = table[mlsd::feature<"c000">{}], c1 = table[mlsd::feature<"c001">{}],
             c2 = table[mlsd::feature<"c002">{}];
  for (std::size_t i = 0; i < table.size(); ++i)
    table[mlsd::feature<"clicked">{}][i] =
        random.bernoulli((c0[i] > c1[i] ? 0.3 : 0.1) + (c2[i] > 10 ? 0.2 : 0.0)) ? 1 : 0;
  auto [features, x] = [&]<std::size_t... I>(std::index_sequence<I...>) {
    using namespace mlsd;
    return (from<schema>() |
            on(feature<bench::wide_name<I>()>{}...)(impute{impute::median} >> clip{0, 1000} >> standardize{}))
        .fit(table)
        .value();
  }(std::make_index_sequence<width>{});
  auto trees = mlsd::gbdt_trainer{.trees = 100, .leaves = 31}.fit<mlsd::logistic>(x).value();
  auto model = mlsd::calibrate<mlsd::isotonic>(std::move(trees), features.labelled(table)).value();
  return std::move(features) | std::move(model);
}
using scorer_type = decltype(make_scorer());
const scorer_type& scorer() {
  static const scorer_type made = make_scorer();
  return made;
}
const auto& table() {
  static const auto made = bench::wide_table<width>(rows);
  return made;
}

struct column_loop {
  float fill, lower, upper, mean, inverse;
  [[gnu::noinline]] void operator()(const float* __restrict in, float* __restrict out) const {
    for (std::size_t i = 0; i < rows; ++i) {
      float x = in[i] == in[i] ? in[i] : fill;
      x = x < lower ? lower : x;
      x = upper < x ? upper : x;
      out[i] = (x - mean) * inverse;
    }
  }
};

std::vector<double> by_hand() {
  std::vector<column_loop> loop;
  scorer().features().each_read([&]<std::size_t, std::size_t>(const auto& k) {
    loop.push_back({k.first.first.fill, k.first.second.lower, k.first.second.upper, k.second.mean, k.second.inverse});
  });
  std::vector<float> x(rows * width);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (loop[I](table().template column_at<I>().data(), x.data() + I * rows), ...);
  }(std::make_index_sequence<width>{});
  const auto& trees = scorer().scorer().model();
  std::vector<double> out(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    float row[width];
    for (std::size_t j = 0; j < width; ++j) row[j] = x[j * rows + i];
    out[i] = trees.base();
    mlsd::walking_engine::row(trees.forest(), mlsd::mixed_row{row, {}}, {&out[i], 1});
  }
  for (double& v : out) v = scorer().scorer().map().probability(v);
  return out;
}
std::vector<double> by_rows(const std::vector<scorer_type::record_type>& records) {
  std::vector<double> out(rows);
  for (std::size_t i = 0; i < rows; ++i) out[i] = scorer()(records[i]);
  return out;
}

void scores_by_hand(benchmark::State& state) {
  if (scorer()(table()) != by_hand()) return state.SkipWithError("the scores differ");
  bench::versus(
      state, rows, [] { benchmark::DoNotOptimize(scorer()(table())); }, [] { benchmark::DoNotOptimize(by_hand()); });
}
void scores_by_rows(benchmark::State& state) {
  std::vector<scorer_type::record_type> records;
  for (std::size_t i = 0; i < rows; ++i) records.push_back(table().row(i));
  if (scorer()(table()) != by_rows(records)) return state.SkipWithError("the scores differ");
  bench::versus(
      state, rows, [] { benchmark::DoNotOptimize(scorer()(table())); },
      [&] { benchmark::DoNotOptimize(by_rows(records)); });
}
BENCH_VERSUS(scores_by_hand);
BENCH_VERSUS(scores_by_rows);

}  // namespace

BENCHMARK_MAIN();
