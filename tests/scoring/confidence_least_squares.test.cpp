#include "mlsd/scoring/confidence_least_squares.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_confidence_least_squares {
using namespace mlsd;

/// The same problem by Gaussian elimination in double.
std::vector<double> exact(const std::vector<float>& y, std::size_t n, std::size_t d, std::size_t width, double ridge,
                          double confidence, const sparse_row& entries) {
  std::vector<double> a(d * (d + 1), 0.0);
  const auto cell = [&](std::size_t i, std::size_t j) -> double& { return a[i * (d + 1) + j]; };
  const auto at = [&](std::size_t i, std::size_t j) { return double{y[i * width + j]}; };
  for (std::size_t j = 0; j < d; ++j) cell(j, j) += ridge;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j)
      for (std::size_t k = 0; k < d; ++k) cell(j, k) += at(i, j) * at(i, k);
  for (std::size_t e = 0; e < entries.size(); ++e) {
    const double extra = confidence * double{entries.value_of(e)};
    const std::size_t i = entries.index[e];
    if (i >= n || !(extra > 0)) continue;
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t k = 0; k < d; ++k) cell(j, k) += extra * at(i, j) * at(i, k);
      cell(j, d) += (1 + extra) * at(i, j);
    }
  }
  for (std::size_t p = 0; p < d; ++p)
    for (std::size_t i = 0; i < d; ++i) {
      if (i == p) continue;
      const double f = cell(i, p) / cell(p, p);
      for (std::size_t k = p; k <= d; ++k) cell(i, k) -= f * cell(p, k);
    }
  std::vector<double> x(d);
  for (std::size_t p = 0; p < d; ++p) x[p] = cell(p, d) / cell(p, p);
  return x;
}

TEST_CASE("confidence least squares: enough steps give the exact solution, fewer come nearer") {
  for (const std::size_t d : {1u, 5u, 8u, 13u, 24u}) {
    const std::size_t n = 40, width = padded_width(d);
    random_stream draw(d);
    std::vector<float> y(n * width, 0.0f), gram(d * width, 0.0f);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d; ++j) y[i * width + j] = static_cast<float>(draw.normal());
    for (std::size_t j = 0; j < d; ++j)
      for (std::size_t k = 0; k < d; ++k) {
        double sum = j == k ? 0.5 : 0.0;
        for (std::size_t i = 0; i < n; ++i) sum += double{y[i * width + j]} * double{y[i * width + k]};
        gram[j * width + k] = static_cast<float>(sum);
      }
    const confidence_least_squares problem{{y.data(), n, d, width}, {gram.data(), d, d, width}, 3};
    const std::vector<std::uint32_t> index{3, 17, 39, 40, 5, 6};
    const std::vector<float> value{1, 2.5f, 0.25f, 9, -1, std::numeric_limits<float>::quiet_NaN()};
    const sparse_row entries{index, value};
    const auto wanted = exact(y, n, d, width, 0.5, 3, entries);
    double before = 1e30;
    for (const std::size_t steps : {std::size_t{1}, 2 * d + 8}) {
      std::vector<float> x(width, 0.0f), work(3 * width, 7.0f);
      problem.improve(entries, x, work, steps, 1e-12f);
      double off = 0, size = 1e-30;
      for (std::size_t j = 0; j < d; ++j) {
        off += std::pow(double{x[j]} - wanted[j], 2);
        size += wanted[j] * wanted[j];
      }
      CHECK(off <= before * 1.0001);
      before = off;
      if (steps > 1) CHECK(std::sqrt(off / size) < 1e-4);
      for (std::size_t j = d; j < width; ++j) CHECK(x[j] == 0);
    }
    std::vector<float> none(width, 0.0f), work(3 * width);
    problem.improve({}, none, work, 10, 0);
    CHECK(none == std::vector<float>(width, 0.0f));
  }
}

}  // namespace test_confidence_least_squares
