// Models of recommenders against the obvious way to make each: alternating least squares with one Eigen Cholesky a row,
// EASE from the whole matrix of items; and what a search costs.
// Against the implicit package of Python: bench/peers/implicit_als.py.
#include "histories.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/retrieval/cooccurrence.hpp"
#include "mlsd/training/als.hpp"
#include "mlsd/training/ease.hpp"
#include "peer.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <vector>

namespace {

constexpr std::size_t factors = 64;
constexpr float ridge = 0.1f, confidence = 5;

using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One half of an iteration: a Cholesky decomposition a row.
void solve_by_eigen(const mlsd::sparse_matrix_view& rows, const matrix& y, matrix& x) {
  const auto at = [](std::size_t i) { return static_cast<Eigen::Index>(i); };
  const matrix gram = y.transpose() * y + ridge * matrix::Identity(y.cols(), y.cols());
  for (std::size_t u = 0; u < rows.rows(); ++u) {
    matrix a = gram;
    Eigen::VectorXf b = Eigen::VectorXf::Zero(y.cols());
    const mlsd::sparse_row row = rows[u];
    for (std::size_t k = 0; k < row.size(); ++k) {
      const auto item = y.row(at(row.index[k]));
      const float extra = confidence * row.value_of(k);
      a.selfadjointView<Eigen::Lower>().rankUpdate(item.transpose(), extra);
      b += (1 + extra) * item.transpose();
    }
    x.row(at(u)) = a.selfadjointView<Eigen::Lower>().llt().solve(b).transpose();
  }
}

void als_iterations(benchmark::State& state) {
  const auto& data = bench::histories(2000, 3000, 50);
  const mlsd::als config{.factors = factors, .regularization = ridge, .confidence = confidence, .iterations = 2};
  matrix x = matrix::Zero(2000, factors), start = matrix::Random(3000, factors) * 0.01f;
  bench::versus(
      state, 2, [&] { benchmark::DoNotOptimize(config.fit(data)); },
      [&] {
        matrix y = start;
        for (int k = 0; k < 2; ++k) {
          solve_by_eigen(data.by_user(), y, x);
          solve_by_eigen(data.by_item(), x, y);
        }
        benchmark::DoNotOptimize(y.data());
      });
}
BENCH_VERSUS(als_iterations);

/// P = (X'X + ridge)^-1 of all items, and B.
void ease_fit(benchmark::State& state) {
  const auto users = static_cast<std::size_t>(state.range(0)), items = static_cast<std::size_t>(state.range(1));
  const auto& data = bench::histories(users, items, 60);
  const mlsd::ease config{.regularization = 200};
  bench::versus(
      state, 1, [&] { benchmark::DoNotOptimize(config.fit(data)); },
      [&] {
        const auto n = static_cast<Eigen::Index>(items);
        Eigen::MatrixXd g = Eigen::MatrixXd::Identity(n, n) * 200;
        for (std::size_t u = 0; u < users; ++u)
          for (const std::uint32_t i : data.by_user()[u].index)
            for (const std::uint32_t j : data.by_user()[u].index) g(i, j) += 1;
        const Eigen::MatrixXd p = g.llt().solve(Eigen::MatrixXd::Identity(n, n));
        Eigen::MatrixXf b = (-(p * p.diagonal().cwiseInverse().asDiagonal())).cast<float>();
        b.diagonal().setZero();
        benchmark::DoNotOptimize(b.data());
      });
}
BENCH_VERSUS(ease_fit)->Args({600, 1500})->Args({3000, 1500});

void invert(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0)), stride = mlsd::inverse_stride(n);
  mlsd::random_stream draw(1);
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::MatrixXd x = Eigen::MatrixXd::NullaryExpr(size, size, [&] { return draw.normal(); });
  const Eigen::MatrixXd a = x * x.transpose() / static_cast<double>(n) + Eigen::MatrixXd::Identity(size, size);
  std::vector<double> copy(n * stride), work;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      copy[i * stride + j] = a(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
  bench::versus(
      state, 1,
      [&] {
        work = copy;
        benchmark::DoNotOptimize(mlsd::invert_positive_definite(work, n));
      },
      [&] {
        const Eigen::MatrixXd inverse = a.llt().solve(Eigen::MatrixXd::Identity(size, size));
        benchmark::DoNotOptimize(inverse.data());
      });
}
BENCH_VERSUS(invert)->Arg(610)->Arg(1500);

/// One request: a history of 50 items, 500 hits.
template <class Model> void one_search(benchmark::State& state, const Model& model) {
  const auto& data = bench::histories(610, 9700, 50);
  typename Model::scratch s;
  model.prepare(s);
  std::vector<mlsd::hit<>> buffer(500);
  std::size_t u = 0;
  for (auto _ : state) benchmark::DoNotOptimize(model.search(data.by_user()[u = (u + 1) % 610], buffer, s).data());
}
void search_cooccurrence(benchmark::State& state) {
  one_search(state, mlsd::cooccurrence{}.fit(bench::histories(610, 9700, 50).by_user()).value());
}
void search_ease(benchmark::State& state) {
  one_search(state, mlsd::ease{}.fit(bench::histories(610, 9700, 50)).value());
}
void search_als(benchmark::State& state) {
  one_search(state, mlsd::als{.factors = factors, .iterations = 2}.fit(bench::histories(610, 9700, 50)).value());
}
BENCHMARK(search_cooccurrence)->Unit(benchmark::kMicrosecond);
BENCHMARK(search_ease)->Unit(benchmark::kMicrosecond);
BENCHMARK(search_als)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t users = 20'000, items = 10'000, each = 50;
  return bench::run(
      argc, argv,
      [](const char* path) {
        const auto all = bench::history_events(users, items, each);
        const auto data = mlsd::interactions::make(all, users, items).value();
        bench::file out(path, "wb");
        const std::uint64_t n = data.size();
        out.write(std::span(&n, 1));
        out.write(data.by_user().offset);
        out.write(data.by_user().index);
        out.write(data.by_user().value);
      },
      [](const char*, double& seconds) {
        const auto data = mlsd::interactions::make(bench::history_events(users, items, each), users, items).value();
        const mlsd::als config{.factors = factors, .regularization = ridge, .confidence = confidence, .iterations = 5};
        const double start = bench::cpu_seconds();
        const auto model = config.fit(data).value();
        seconds = bench::cpu_seconds() - start;
        double sum = 0;  // the mean score of what users have
        for (std::size_t u = 0; u < users; ++u)
          for (const std::uint32_t i : data.by_user()[u].index) sum += static_cast<double>(model.score(u, i));
        return sum / static_cast<double>(data.size());
      });
}
