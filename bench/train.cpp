// Training boosted trees on 200,000 rows of 28 numbers, 5% missing: one thread, binning included. Alone it prints a few
// settings; against LightGBM on the same rows: bench/peers/lightgbm_training.py. `train --model FILE` saves the model
// of 100 trees for bench/peers/lightgbm_row.cpp.
#include "data.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/training/gbdt.hpp"
#include "peer.hpp"

#include <string>

namespace {

constexpr std::size_t train_rows = 200'000, test_rows = 50'000, width = 28;

void write(const mlsd::labelled_matrix& m, bench::file& out) {
  for (std::size_t j = 0; j < width; ++j) out.write(std::span(m.x.number(j)));
  out.write(std::span(m.label));
}
mlsd::labelled_matrix read(std::size_t rows, bench::file& in) {
  mlsd::labelled_matrix m = bench::physics_like(1, 0);
  m.x = mlsd::feature_matrix({m.x.info().begin(), m.x.info().end()}, rows);
  for (std::size_t j = 0; j < width; ++j) {
    const auto column = in.read<float>(rows);
    std::copy(column.begin(), column.end(), m.x.number(j).begin());
  }
  m.label = in.read<float>(rows);
  return m;
}
mlsd::gbdt_model fit(const mlsd::training_matrix& rows, std::uint32_t leaves) {
  return mlsd::gbdt_trainer{.trees = 100, .leaves = leaves}.fit<mlsd::logistic>(rows).value();
}
double test_auc(const mlsd::gbdt_model& model, const mlsd::labelled_matrix& test) {
  std::vector<double> margin(test.rows());
  model.raw(test.x.columns(), margin);
  return mlsd::auc(margin, std::vector<double>(test.label.begin(), test.label.end()));
}

void train(benchmark::State& state) {
  static const auto rows = mlsd::training_matrix::out_of_fold(bench::physics_like(train_rows, 1));
  mlsd::gbdt_model model;
  for (auto _ : state) model = fit(rows, static_cast<std::uint32_t>(state.range(0)));
  state.counters["auc"] = test_auc(model, bench::physics_like(test_rows, 2));
}
BENCHMARK(train)->Arg(31)->Arg(63)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--model") {
    const auto rows = mlsd::training_matrix::out_of_fold(bench::physics_like(train_rows, 1));
    mlsd::save(argv[2], fit(rows, 31)).value();
    return 0;
  }
  return bench::run(
      argc, argv,
      [](const char* path) {
        bench::file out(path, "wb");
        write(bench::physics_like(train_rows, 1), out);
        write(bench::physics_like(test_rows, 2), out);
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        const auto rows = mlsd::training_matrix::out_of_fold(read(train_rows, in));
        const auto test = read(test_rows, in);
        const double start = bench::cpu_seconds();
        const auto model = fit(rows, 31);
        seconds = bench::cpu_seconds() - start;
        return test_auc(model, test);
      });
}
