// Rows that trees are trained on in tests.
#pragma once

#include "mlsd/training/gbdt.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace gbdt_rows {

using namespace mlsd;
using random_gbdt::generator;
using random_gbdt::saved_bytes;

constexpr float missing = (std::numeric_limits<float>::quiet_NaN)();

/// Numbers with NaN and infinities, two codes (one of many categories); the label follows some of them.
inline labelled_matrix table(std::size_t n, std::uint64_t seed) {
  std::vector<feature_info> info(8);
  info[6] = {"site", 12};
  info[7] = {"ad", 700};
  labelled_matrix m{feature_matrix(info, n), std::vector<float>(n), {}, {}};
  generator g{seed};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 6; ++j) m.x.number(j)[i] = static_cast<float>(g.uniform() * 10 - 5);
    if (g(7) == 0) m.x.number(1)[i] = missing;
    if (g(50) == 0) m.x.number(2)[i] = g(2) == 0 ? -INFINITY : INFINITY;
    m.x.code(0)[i] = g(12);
    m.x.code(1)[i] = g(700) * g(700) / 700;
    const double one = std::isnan(m.x.number(1)[i]) ? 1.0 : 0.0;
    const double margin = static_cast<double>(m.x.number(0)[i]) + 2 * one + (m.x.code(0)[i] % 3 == 0 ? 2 : -1) +
                          (m.x.code(1)[i] % 2 == 0 ? 1 : -1);
    m.label[i] = g.uniform() < 1 / (1 + std::exp(-margin)) ? 1.0f : 0.0f;
  }
  return m;
}
inline training_matrix training(labelled_matrix m) { return training_matrix::out_of_fold(std::move(m)); }

/// One number, labels as given.
inline labelled_matrix column(const std::vector<float>& x, const std::vector<float>& y) {
  labelled_matrix m{feature_matrix({{"x", 0}}, x.size()), y, {}, {}};
  std::copy(x.begin(), x.end(), m.x.number(0).begin());
  return m;
}

inline std::vector<double> margins(const gbdt_model& m, const labelled_matrix& rows) {
  std::vector<double> out(rows.rows());
  m.raw(rows.x.columns(), out);
  return out;
}
inline double mean_loss(const gbdt_model& m, const labelled_matrix& rows) {
  return detail::evaluate(logistic{}, rows, {}, margins(m, rows), link_function::logistic);
}

constexpr gbdt_trainer stump{.trees = 1, .leaves = 2, .learning_rate = 1, .min_rows_in_leaf = 1, .min_hessian = 0};

/// Lists of 1 to 20 rows; grades 0 to 4 that follow the numbers and one code.
inline labelled_matrix lists(std::size_t n, std::uint64_t seed) {
  labelled_matrix m = table(n, seed);
  generator g{seed + 100};
  m.group.resize(n);
  std::uint32_t id = 1000;
  for (std::size_t i = 0, end = 0; i < n; ++i) {
    if (i == end) --id, end = i + 1 + g(20);
    m.group[i] = id;
    const double quality = static_cast<double>(m.x.number(0)[i]) + (m.x.code(0)[i] % 3 == 0 ? 3 : 0) + g.uniform() * 2;
    m.label[i] = static_cast<float>(std::clamp(std::floor(quality / 2), 0.0, 4.0));
  }
  return m;
}

}  // namespace gbdt_rows
