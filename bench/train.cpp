// Training boosted trees, binning included. Alone it prints a few settings on 200,000 rows of 28 numbers, 5% missing;
// against LightGBM on the same rows: bench/peers/lightgbm_training.py.
//
// For that script: `train --write FILE JOB ROWS` makes the rows of a job (dense, mixed, sparse, classes), and
// `train --time FILE TREES LEAVES THREADS GRADIENT_BITS` trains on them once and prints CPU seconds, wall seconds, the
// AUC on the test rows (of classes, minus the log loss), and by how many bytes the peak of memory grew while it
// trained.
#include "data.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/data/score_rows.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/multi_log_loss.hpp"
#include "mlsd/training/gbdt.hpp"
#include "peer.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>

namespace {

/// Rows with 20 numbers and 20 codes of 4 to 2,000 categories, 18% of the numbers missing: some categories and some
/// missing values mean something.
[[nodiscard]] mlsd::labelled_matrix mixed(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t half = 20;
  constexpr std::uint32_t cardinality[half] = {4,  5,  6,  8,   10,  12,  16,  20,  30,   40,
                                               50, 60, 80, 100, 150, 200, 400, 800, 1200, 2000};
  std::vector<mlsd::feature_info> info;
  for (std::size_t j = 0; j < half; ++j) info.push_back({std::string("x").append(std::to_string(j)), 0});
  for (std::size_t j = 0; j < half; ++j) info.push_back({std::string("c").append(std::to_string(j)), cardinality[j]});
  mlsd::labelled_matrix m{mlsd::feature_matrix(std::move(info), n), std::vector<float>(n), {}, {}};
  mlsd::random_stream random(seed), effects(99);
  std::vector<std::vector<double>> effect(half);
  for (std::size_t j = 0; j < half; ++j)
    for (std::uint32_t c = 0; c < cardinality[j]; ++c) effect[j].push_back(effects.normal() * 0.35);
  for (std::size_t i = 0; i < n; ++i) {
    double x[half], margin = -1;
    for (double& v : x) v = random.normal();
    for (std::size_t j = 0; j < half; ++j) {
      const double u = random.uniform();
      const auto c = static_cast<std::uint32_t>(u * u * cardinality[j]);  // the first categories are frequent
      m.x.code(j)[i] = c;
      margin += effect[j][c] * (j % 3 == 0 && x[j] > 0 ? -1 : 1);
    }
    margin += 0.6 * x[0] * x[1] + (x[2] > 0.5 ? 1.0 : -0.5) + 0.5 * x[3];
    for (std::size_t j = 0; j < half; ++j) {
      const bool missing = random.bernoulli(0.18);
      if (missing && j < 4) margin += 0.4;
      m.x.number(j)[i] = missing ? (std::numeric_limits<float>::quiet_NaN)() : static_cast<float>(x[j]);
    }
    m.label[i] = random.bernoulli(mlsd::math::sigmoid(margin)) ? 1.0f : 0.0f;
  }
  return m;
}

/// Rows of 20 codes of 50 categories each, which `one_hot` makes 1,000 columns of.
[[nodiscard]] mlsd::labelled_matrix sparse(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t fields = 20;
  constexpr std::uint32_t values = 50;
  std::vector<mlsd::feature_info> info;
  for (std::size_t j = 0; j < fields; ++j) info.push_back({std::string("c").append(std::to_string(j)), values});
  mlsd::labelled_matrix m{mlsd::feature_matrix(std::move(info), n), std::vector<float>(n), {}, {}};
  mlsd::random_stream random(seed), effects(98);
  std::vector<double> effect(fields * values);
  for (double& e : effect) e = effects.normal() * 0.3;
  for (std::size_t i = 0; i < n; ++i) {
    double margin = -1;
    for (std::size_t j = 0; j < fields; ++j) {
      const double u = random.uniform();
      m.x.code(j)[i] = static_cast<std::uint32_t>(u * u * values);
      margin += effect[j * values + m.x.code(j)[i]];
    }
    m.label[i] = random.bernoulli(mlsd::math::sigmoid(margin)) ? 1.0f : 0.0f;
  }
  return m;
}
/// As compressed sparse rows, which both libraries are given.
struct one_hot_rows {
  std::vector<mlsd::feature_info> info;
  std::vector<std::uint64_t> offset{0};
  std::vector<std::uint32_t> index;
  std::vector<float> value;
  std::vector<float> label;

  explicit one_hot_rows(const mlsd::labelled_matrix& codes) : label(codes.label) {
    std::vector<std::uint32_t> first;
    for (const auto& c : codes.x.info()) {
      first.push_back(static_cast<std::uint32_t>(info.size()));
      for (std::uint32_t v = 0; v < c.cardinality; ++v) info.push_back({c.name + "=" + std::to_string(v), 0});
    }
    for (std::size_t i = 0; i < codes.rows(); ++i) {
      for (std::size_t j = 0; j < first.size(); ++j) index.push_back(first[j] + codes.x.code(j)[i]);
      offset.push_back(index.size());
    }
    value.assign(index.size(), 1.0f);
  }
  [[nodiscard]] mlsd::sparse_matrix columns() const {
    return mlsd::sparse_matrix::from_rows(info, {offset, index, value, info.size()}).value();
  }
};

/// Rows of `physics_like`, with five classes of unequal sizes that follow products of columns.
[[nodiscard]] mlsd::labelled_matrix classes(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t count = 5;
  mlsd::labelled_matrix m = bench::physics_like(n, seed);
  mlsd::random_stream random(seed + 1000), effects(97);
  std::vector<double> effect(count * m.x.number_columns());
  for (double& e : effect) e = effects.normal() * 0.5;
  const auto value = [&](std::size_t j, std::size_t i) {
    const float x = m.x.number(j)[i];
    return x == x ? static_cast<double>(x) : 0.0;
  };
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t best = 0;
    double most = -1e300;
    for (std::size_t k = 0; k < count; ++k) {
      double margin = -0.3 * static_cast<double>(k) - mlsd::math::log(-mlsd::math::log(random.uniform() + 1e-300));
      for (std::size_t j = 0; j + k + 1 < m.x.number_columns(); ++j)
        margin += effect[k * m.x.number_columns() + j] * value(j, i) * (j % 3 == 0 ? value(j + k + 1, i) : 1);
      if (margin > most) most = margin, best = k;
    }
    m.label[i] = static_cast<float>(best);
  }
  return m;
}

[[nodiscard]] mlsd::labelled_matrix make(const std::string& job, std::size_t rows, std::uint64_t seed) {
  if (job == "classes") return classes(rows, seed);
  return job == "mixed" ? mixed(rows, seed) : job == "sparse" ? sparse(rows, seed) : bench::physics_like(rows, seed);
}

/// A table in a file: rows, numbers, codes, a cardinality a code; columns; labels.
void write(const mlsd::labelled_matrix& m, bench::file& out) {
  std::vector<std::uint32_t> shape{static_cast<std::uint32_t>(m.rows()),
                                   static_cast<std::uint32_t>(m.x.number_columns()),
                                   static_cast<std::uint32_t>(m.x.code_columns())};
  for (const auto& info : m.x.info().subspan(m.x.number_columns())) shape.push_back(info.cardinality);
  out.write(std::span<const std::uint32_t>(shape));
  for (std::size_t j = 0; j < m.x.number_columns(); ++j) out.write(m.x.number(j));
  for (std::size_t j = 0; j < m.x.code_columns(); ++j) out.write(m.x.code(j));
  out.write(std::span<const float>(m.label));
}
template <class T> void fill(std::span<T> column, bench::file& in) {
  const auto values = in.read<T>(column.size());
  std::copy(values.begin(), values.end(), column.begin());
}
[[nodiscard]] mlsd::labelled_matrix read(bench::file& in) {
  const auto shape = in.read<std::uint32_t>(3);
  std::vector<mlsd::feature_info> info(shape[1]);
  for (const std::uint32_t c : in.read<std::uint32_t>(shape[2])) info.push_back({"", c});
  for (std::size_t j = 0; j < info.size(); ++j) info[j].name = std::string("x").append(std::to_string(j));
  mlsd::labelled_matrix m{mlsd::feature_matrix(std::move(info), shape[0]), {}, {}, {}};
  for (std::size_t j = 0; j < shape[1]; ++j) fill(m.x.number(j), in);
  for (std::size_t j = 0; j < shape[2]; ++j) fill(m.x.code(j), in);
  m.label = in.read<float>(shape[0]);
  return m;
}

/// The AUC; of several classes minus the log loss, so that more is better.
double quality(const mlsd::gbdt_model& model, const mlsd::labelled_matrix& test) {
  std::vector<double> margin(test.rows() * model.outputs());
  if (model.outputs() != 1) {
    model(test.x.columns(), margin);
    mlsd::multi_log_loss loss;
    for (std::size_t i = 0; i < test.rows(); ++i)
      loss.update(std::span<const double>(margin).subspan(i * model.outputs(), model.outputs()),
                  static_cast<double>(test.label[i]));
    return -loss.value();
  }
  if (model.width() == test.x.info().size()) {
    model.raw(test.x.columns(), margin);
  } else {
    const auto raw = [&](const mlsd::mixed_columns& x, std::span<double> out) { model.raw(x, out); };
    mlsd::score_rows(raw, one_hot_rows(test).columns(), margin);
  }
  return mlsd::auc(margin, std::vector<double>(test.label.begin(), test.label.end()));
}

/// A line of /proc/self/status in bytes, such as VmHWM, the peak of resident memory.
[[nodiscard]] double status_bytes(const char* name) {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  char line[256];
  double kib = 0;
  while (status != nullptr && std::fgets(line, sizeof line, status) != nullptr)
    if (std::strncmp(line, name, std::strlen(name)) == 0) kib = std::atof(line + std::strlen(name) + 1);
  if (status != nullptr) std::fclose(status);
  return kib * 1024;
}

/// Of all threads.
[[nodiscard]] double process_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// From here on VmHWM is the peak of what follows.
void forget_peak() {
  std::FILE* refs = std::fopen("/proc/self/clear_refs", "w");
  if (refs == nullptr) return;
  std::fputs("5", refs);
  std::fclose(refs);
}

/// Prints what `fit` costs, and how good its model is.
template <class Fit> void time_of(const mlsd::labelled_matrix& test, Fit fit) {
  forget_peak();
  const double before = status_bytes("VmRSS"), start = process_seconds();
  const auto clock = std::chrono::steady_clock::now();
  const mlsd::gbdt_model model = fit().value();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - clock;
  const double cpu = process_seconds() - start, grown = status_bytes("VmHWM") - before;
  std::printf("%.4f %.4f %.6f %.0f\n", cpu, wall.count(), quality(model, test), grown);
}

void time_once(char** argv) {
  bench::file in(argv[2], "rb");
  mlsd::labelled_matrix rows = read(in);
  const auto test = read(in);
  const auto number = [&](int i) { return static_cast<std::uint32_t>(std::atoi(argv[i])); };
  const mlsd::gbdt_trainer trainer{.trees = number(3), .leaves = number(4), .gradient_bits = number(6)};
  mlsd::threads pool(number(5));
  if (rows.x.number_columns() == 0) {
    const one_hot_rows sparse(rows);
    rows = {};
    return time_of(test, [&] {  // making columns of rows is part of it
      return trainer.fit<mlsd::logistic>(
          mlsd::sparse_training_matrix::out_of_fold({sparse.columns(), sparse.label, {}, {}}), pool);
    });
  }
  const auto dense = mlsd::training_matrix::out_of_fold(std::move(rows));
  const bool has_classes = *std::max_element(dense.label().begin(), dense.label().end()) > 1;
  time_of(test, [&] {
    return has_classes ? trainer.fit<mlsd::softmax>(dense, pool) : trainer.fit<mlsd::logistic>(dense, pool);
  });
}

void train(benchmark::State& state) {
  static const auto rows = mlsd::training_matrix::out_of_fold(bench::physics_like(200'000, 1));
  const mlsd::gbdt_trainer trainer{.leaves = static_cast<std::uint32_t>(state.range(0))};
  mlsd::gbdt_model model;
  for (auto _ : state) model = trainer.fit<mlsd::logistic>(rows).value();
  state.counters["auc"] = quality(model, bench::physics_like(50'000, 2));
}
BENCHMARK(train)->Arg(31)->Arg(63)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (argc == 5 && command == "--write") {
    bench::file out(argv[2], "wb");
    const auto rows = static_cast<std::size_t>(std::atoll(argv[4]));
    write(make(argv[3], rows, 1), out);
    write(make(argv[3], 200'000, 2), out);
    return 0;
  }
  if (argc == 7 && command == "--time") return time_once(argv), 0;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
