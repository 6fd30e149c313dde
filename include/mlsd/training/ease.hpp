#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/float_rows.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/data/interactions.hpp"
#include "mlsd/scoring/ease.hpp"
#include "mlsd/training/positive_definite_inverse.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mlsd {

/// Fits the linear model that rebuilds each history from its other items, B = I - P diag(P)^-1, P = (X'X + ridge)^-1.
/// Where users are fewer than items, from the inverse of (ridge + XX') [users, users] instead (Woodbury's identity).
/// O(min(users, items)^3 / 2 + sum of squared history lengths) divided by the threads; memory 12 bytes x
/// min(users, items)^2. The same bits on any number of threads and any instruction set.
/// Errors: settings out of range, no entries, a matrix larger than `most_rows`, weights too large for the ridge.
/// Source: Steck, Embarrassingly shallow autoencoders for sparse data (2019).
struct ease {
  float regularization = 200;        ///< the ridge, > 0
  bool binary = true;                ///< all weights count as 1
  std::uint32_t most_rows = 20'000;  ///< of the matrix to invert, min(users, items): 5 GB

  template <executor Ex = sequential>
  [[nodiscard]] result<ease_model> fit(const interactions& data, Ex&& ex = {}) const {
    const std::size_t n = (std::min)(data.users(), data.items());
    if (auto ok = check(data, n); !ok) return ok.error();
    const bool by_users = data.users() < data.items();
    const sparse_matrix_view users = binary ? data.by_user().binary() : data.by_user();
    const sparse_matrix_view items = binary ? data.by_item().binary() : data.by_item();
    std::vector<double> matrix = by_users ? products(users, items, ex) : products(items, users, ex);
    bool finite = invert_positive_definite(matrix, n, ex);
    for (const double x : matrix) finite = finite && std::isfinite(x);
    if (!finite) return error{errc::not_finite, "ease: weights are too large for the regularization"};

    ease_model m;
    m.items_ = data.items();
    m.matrix_.assign(n * padded_width(n), 0.0f);
    if (by_users)
      store_by_users(m, matrix, items, ex);
    else
      store_by_items(m, matrix);
    if (auto ok = m.validate(); !ok)
      return error{errc::not_finite, "ease: weights are too large for the regularization"};
    return m;
  }

 private:
  template <class = void> [[nodiscard]] result<void> check(const interactions& data, std::size_t n) const {
    if (!(std::isfinite(regularization) && regularization > 0))
      return error{errc::invalid_argument, "ease: regularization must be positive"};
    if (data.size() == 0) return error{errc::empty, "ease: no interactions"};
    if (n > (std::min)(most_rows, std::uint32_t{1'000'000}))
      return error{errc::capacity, "ease: " + std::to_string(data.users()) + " users and " +
                                       std::to_string(data.items()) + " items need a matrix of " + std::to_string(n) +
                                       " rows, more than most_rows"};
    return {};
  }

  /// X X' + ridge for X by rows, and by columns; the lower half.
  template <class Ex>
  [[nodiscard]] std::vector<double> products(const sparse_matrix_view& x, const sparse_matrix_view& columns,
                                             Ex& ex) const {
    const std::size_t n = x.rows(), stride = inverse_stride(n);
    std::vector<double> sum(n * stride, 0.0);
    for_each_chunk(ex, n, std::size_t{16}, [&](std::size_t first, std::size_t last) {
      for (std::size_t a = first; a < last; ++a) {
        double* row = sum.data() + a * stride;
        row[a] = double{regularization};
        for (std::size_t k = 0; k < x[a].size(); ++k) {
          const sparse_row others = columns[x[a].index[k]];
          const double value = double{x[a].value_of(k)};
          for (std::size_t e = 0; e < others.size(); ++e)
            row[others.index[e]] += value * double{others.value_of(e)};  // exact, so nothing can be fused
        }
      }
    });
    return sum;
  }
  template <class = void> void store_by_items(ease_model& m, const std::vector<double>& inverse) const {
    const std::size_t n = m.items(), stride = inverse_stride(n), width = padded_width(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (i != j) m.matrix_[i * width + j] = static_cast<float>(-inverse[i * stride + j] / inverse[j * stride + j]);
  }
  template <class Ex>
  void store_by_users(ease_model& m, const std::vector<double>& inverse, const sparse_matrix_view& items,
                      Ex& ex) const {
    const std::size_t n = items.columns, stride = inverse_stride(n), width = padded_width(n);
    m.rows_ = n;
    for (std::size_t u = 0; u < n; ++u)
      for (std::size_t v = 0; v < n; ++v) m.matrix_[u * width + v] = static_cast<float>(inverse[u * stride + v]);
    m.offset_.assign(items.offset.begin(), items.offset.end());
    m.user_.assign(items.index.begin(), items.index.end());
    m.value_.assign(items.value.begin(), items.value.end());
    m.scale_.resize(items.rows());
    for_each_chunk(ex, items.rows(), std::size_t{64}, [&](std::size_t first, std::size_t last) {
      for (std::size_t j = first; j < last; ++j)
        m.scale_[j] = static_cast<float>(1 / diagonal(items[j], inverse, stride));
    });
  }
  /// ridge P_jj = 1 - x' M x.
  template <class = void>
  [[nodiscard]] MLSD_UNCONTRACTED double diagonal(const sparse_row& x, const std::vector<double>& inverse,
                                                  std::size_t stride) const {
    MLSD_CONTRACT_OFF
    double sum = 1, squares = 0;
    for (std::size_t a = 0; a < x.size(); ++a) {
      const double* row = inverse.data() + std::size_t{x.index[a]} * stride;
      double product = 0;
      for (std::size_t b = 0; b < x.size(); ++b) product += double{x.value_of(b)} * row[x.index[b]];
      sum -= double{x.value_of(a)} * product;
      squares += double{x.value_of(a)} * double{x.value_of(a)};
    }
    // P_jj >= 1 / (X'X + ridge)_jj; rounding must not take it far below.
    return (std::max)(sum, double{regularization} / (double{regularization} + squares) / 2);
  }
};

}  // namespace mlsd
