// Boosted trees: one row and batches, against trees walked by hand (16-byte nodes, a branch a node: what most libraries
// do). Training: bench/peers/lightgbm_training.py; other libraries: gbdt_scoring.py.
#include "mlsd/training/gbdt.hpp"
#include "data.hpp"
#include "versus.hpp"

#include <cmath>
#include <map>
#include <utility>

namespace {

struct hand_node {
  std::uint32_t feature;
  float threshold;
  std::int32_t left, right;  // a leaf is ~(its place among all leaves)
};
struct hand_forest {
  std::vector<hand_node> nodes{};
  std::vector<std::int32_t> roots{};
  std::vector<double> leaves{};
  std::vector<bool> nan_left{};
  double base = 0;

  explicit hand_forest(const mlsd::gbdt_model& m) : base(m.base()) {
    const mlsd::gbdt_forest& f = m.forest();
    for (std::size_t t = 0; t < f.trees(); ++t) {
      const auto first = static_cast<std::int32_t>(nodes.size()), first_leaf = static_cast<std::int32_t>(leaves.size());
      const auto child = [&](std::int32_t c) { return c >= 0 ? first + c : ~(first_leaf + ~c); };
      for (std::size_t s = 0; s < f.splits_of(t); ++s) {
        const std::size_t i = f.first_split(t) + s;
        nodes.push_back({f.feature(i), static_cast<float>(f.threshold(i)), child(f.left(i)), child(f.right(i))});
        nan_left.push_back(f.nan_left(i));
      }
      for (std::size_t l = 0; l <= f.splits_of(t); ++l) leaves.push_back(f.leaf(t, l));
      roots.push_back(f.splits_of(t) == 0 ? ~first_leaf : first);
    }
  }
  [[nodiscard, gnu::noinline]] double operator()(const float* x) const {
    double sum = base;
    for (std::int32_t at : roots) {
      while (at >= 0) {
        const hand_node& n = nodes[static_cast<std::size_t>(at)];
        const float v = x[n.feature];
        const bool left = std::isnan(v) ? nan_left[static_cast<std::size_t>(at)] : v <= n.threshold;
        at = left ? n.left : n.right;
      }
      sum += leaves[static_cast<std::size_t>(~at)];
    }
    return sum;
  }
};

constexpr std::size_t test_rows = 20'000, width = 28;

const mlsd::labelled_matrix& test_set() {
  static const auto m = bench::physics_like(test_rows, 2);
  return m;
}
const std::vector<float>& row_major() {
  static const auto all = [] {
    std::vector<float> v(test_rows * width);
    for (std::size_t i = 0; i < test_rows; ++i) test_set().x.columns().gather(i, &v[i * width], nullptr);
    return v;
  }();
  return all;
}
const mlsd::gbdt_model& model(std::uint32_t trees, std::uint32_t leaves) {
  static const auto train = mlsd::training_matrix::out_of_fold(bench::physics_like(100'000, 1));
  static std::map<std::pair<std::uint32_t, std::uint32_t>, mlsd::gbdt_model> all;
  auto& m = all[{trees, leaves}];
  if (m.trees() == 0) m = mlsd::gbdt_trainer{.trees = trees, .leaves = leaves}.fit<mlsd::logistic>(train).value();
  return m;
}
template <class F> std::vector<double> each_row(F f) {
  std::vector<double> out(test_rows);
  for (std::size_t i = 0; i < test_rows; ++i) out[i] = f(&row_major()[i * width]);
  return out;
}

void versus_by_hand(benchmark::State& state, bool by_row) {
  const auto& m = model(static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)));
  const hand_forest hand(m);
  const auto by_hand = [&] { return each_row(hand); };
  const auto ours = [&] {
    if (by_row) return each_row([&](const float* x) { return m.raw(std::span(x, width)); });
    std::vector<double> out(test_rows);
    m.raw(test_set().x.columns(), out);
    return out;
  };
  if (ours() != by_hand()) return state.SkipWithError("the scores differ");
  bench::versus(
      state, test_rows, [&] { benchmark::DoNotOptimize(ours()); }, [&] { benchmark::DoNotOptimize(by_hand()); });
}
void row(benchmark::State& state) { versus_by_hand(state, true); }
void batch(benchmark::State& state) { versus_by_hand(state, false); }

}  // namespace

BENCH_VERSUS(row)->Args({100, 31})->Args({500, 63});
BENCH_VERSUS(batch)->Args({100, 31})->Args({500, 63});
BENCHMARK_MAIN();
