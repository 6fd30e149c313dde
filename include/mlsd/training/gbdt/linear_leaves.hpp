#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/split_rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// The columns of numbers, of those marked in `usable`, that the path of each leaf splits by, ascending.
template <class = void>
[[nodiscard]] std::vector<std::vector<std::uint32_t>> columns_of_paths(const gbdt_tree& tree,
                                                                       std::span<const std::uint8_t> usable) {
  std::vector<std::vector<std::uint32_t>> of_split(tree.splits.size()), of_leaf(tree.splits.size() + 1);
  for (std::size_t s = 0; s < tree.splits.size(); ++s) {
    const gbdt_split& split = tree.splits[s];
    std::vector<std::uint32_t> columns = std::move(of_split[s]);
    const auto at = std::lower_bound(columns.begin(), columns.end(), split.feature);
    if (split.feature < usable.size() && usable[split.feature] != 0 && (at == columns.end() || *at != split.feature))
      columns.insert(at, split.feature);
    for (const std::int32_t child : {split.left, split.right})
      (child < 0 ? of_leaf[static_cast<std::size_t>(~child)] : of_split[static_cast<std::size_t>(child)]) = columns;
  }
  return of_leaf;
}

/// Minimises sum h / 2 (w.(x - m) + g / h)^2 + ridge / 2 |w|^2 over w, given gram = sum h (x - m)(x - m)' [k, k], of
/// which the lower half is read and spoilt, and slope = sum g (x - m), which becomes w. A column that does not vary by
/// more than `least` [k], or that those before it make up, gets 0.
template <class = void>
MLSD_UNCONTRACTED void solve_ridge(std::span<double> gram, std::span<double> slope, double ridge,
                                   std::span<const double> least) noexcept {
  MLSD_CONTRACT_OFF
  constexpr double independent = 1e-9;  // of its variation
  const std::size_t k = slope.size();
  const auto l = [&](std::size_t i, std::size_t j) -> double& { return gram[i * k + j]; };
  for (std::size_t j = 0; j < k; ++j) {  // gram + ridge = L D L', D on the diagonal
    const double own = l(j, j) + ridge;
    double pivot = own;
    for (std::size_t p = 0; p < j; ++p) pivot -= l(j, p) * l(j, p) * l(p, p);
    const bool counts = l(j, j) > least[j] && pivot > independent * own;
    l(j, j) = counts ? pivot : 0;
    for (std::size_t i = j + 1; i < k; ++i) {
      double cell = l(i, j);
      for (std::size_t p = 0; p < j; ++p) cell -= l(i, p) * l(j, p) * l(p, p);
      l(i, j) = counts ? cell / pivot : 0;
    }
    slope[j] = -slope[j];
    for (std::size_t p = 0; p < j; ++p) slope[j] -= l(j, p) * slope[p];
  }
  for (std::size_t j = k; j-- > 0;) {
    slope[j] = l(j, j) > 0 ? slope[j] / l(j, j) : 0;
    for (std::size_t i = j + 1; i < k && l(j, j) > 0; ++i) slope[j] -= l(i, j) * slope[i];
  }
}

/// Fits the lines of leaves, one after another; its buffers are used again. `slopes` are by row of x.
template <class = void> class line_fit {
 public:
  line_fit(const mixed_columns& x, std::span<const row_slope> slopes, const slope_scale& scale,
           const split_rules& rules, double ridge)
      : x_(x), slopes_(slopes), scale_(scale), rules_(rules), ridge_(ridge) {}

  /// The line of a leaf, before the learning rate; without terms where there is none: of too few rows, or of columns
  /// that do not vary. Rows with NaN in one of the columns do not count. O(rows x columns^2).
  [[nodiscard]] gbdt_line operator()(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> columns) {
    columns_ = columns;
    const std::size_t k = columns.size();
    const slope_sum total = find_means(rows);
    if (k == 0 || scale_.count(total) <= k || !(scale_.hessian(total) > 0)) return {};
    sum_products(rows);
    for (std::size_t j = 0; j < k; ++j) least_[j] = float_noise * scale_.hessian(total) * mean_[j] * mean_[j];
    solve_ridge(gram_, weight_, ridge_, least_);
    return line(rules_.value(scale_.gradient(total), scale_.hessian(total), rules_.l2));
  }

 private:
  static constexpr std::size_t tile = 128;
  /// What a float cannot tell from its neighbour, squared.
  static constexpr double float_noise = 1e-16;
  using lanes = double __attribute__((vector_size(32)));

  /// Slopes and values of some rows, less `from` [k]; 0 in all of a row that lacks a value. Returns the slopes' sum.
  slope_sum load(std::span<const std::uint32_t> rows, std::span<const double> from) {
    const std::size_t k = columns_.size();
    x_of_.resize(k * tile);
    bool complete[tile];
    std::fill_n(complete, tile, true);
    std::fill_n(complete + rows.size(), tile - rows.size(), false);
    for (std::size_t j = 0; j < k; ++j) {
      const float* const column = x_.numbers + columns_[j] * x_.stride;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const double value = static_cast<double>(column[rows[i]]) - from[j];
        x_of_[j * tile + i] = value;
        complete[i] = complete[i] && value == value;
      }
    }
    slope_sum sum;
    for (std::size_t i = 0; i < tile; ++i) {
      const slope_sum s = complete[i] ? scale_.widen(slopes_[rows[i]]) : slope_sum{};
      gradient_[i] = scale_.gradient(s);
      hessian_[i] = scale_.hessian(s);
      sum = sum + s;
      for (std::size_t j = 0; j < k && !complete[i]; ++j) x_of_[j * tile + i] = 0;
    }
    return sum;
  }
  /// The sum over a tile in four lanes.
  [[nodiscard]] MLSD_UNCONTRACTED static double dot(const double* a, const double* b) noexcept {
    MLSD_CONTRACT_OFF
    lanes sum = {};
    for (std::size_t i = 0; i < tile; i += 4) {
      lanes left, right;
      std::memcpy(&left, a + i, sizeof left);
      std::memcpy(&right, b + i, sizeof right);
      sum += left * right;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
  template <class Use> void for_each_tile(std::span<const std::uint32_t> rows, Use&& use) {
    for (std::size_t first = 0; first < rows.size(); first += tile)
      use(rows.subspan(first, (std::min)(tile, rows.size() - first)));
  }

  /// Means by hessian of the rows that count; returns the sum of their slopes.
  slope_sum find_means(std::span<const std::uint32_t> rows) {
    const std::size_t k = columns_.size();
    mean_.assign(k, 0);
    least_.assign(k, 0);
    slope_sum total;
    for_each_tile(rows, [&](std::span<const std::uint32_t> some) {
      total = total + load(some, least_);
      for (std::size_t j = 0; j < k; ++j) mean_[j] += dot(hessian_, &x_of_[j * tile]);
    });
    for (double& m : mean_) m = scale_.hessian(total) > 0 ? m / scale_.hessian(total) : 0;
    return total;
  }
  void sum_products(std::span<const std::uint32_t> rows) {
    const std::size_t k = columns_.size();
    gram_.assign(k * k, 0);
    weight_.assign(k, 0);
    for_each_tile(rows, [&](std::span<const std::uint32_t> some) {
      load(some, mean_);
      for (std::size_t j = 0; j < k; ++j) {
        const double* const x = &x_of_[j * tile];
        weight_[j] += dot(gradient_, x);
        double weighted[tile];
        for (std::size_t i = 0; i < tile; ++i) weighted[i] = hessian_[i] * x[i];
        for (std::size_t i = 0; i <= j; ++i) gram_[j * k + i] += dot(weighted, &x_of_[i * tile]);
      }
    });
  }
  /// Through `value` at the means.
  [[nodiscard]] MLSD_UNCONTRACTED gbdt_line line(double value) const {
    MLSD_CONTRACT_OFF
    gbdt_line found{value, {}};
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      found.constant -= weight_[j] * mean_[j];
      if (std::fabs(weight_[j]) > static_cast<double>(gbdt_zero)) found.terms.push_back({columns_[j], weight_[j]});
    }
    const bool is_finite = std::isfinite(found.constant) &&
                           std::all_of(weight_.begin(), weight_.end(), [](double w) { return w - w == 0; });
    return is_finite ? found : gbdt_line{};
  }

  mixed_columns x_;
  std::span<const row_slope> slopes_;
  const slope_scale& scale_;
  const split_rules& rules_;
  double ridge_;
  std::span<const std::uint32_t> columns_;
  std::vector<double> x_of_;  // [k, tile]
  double gradient_[tile], hessian_[tile];
  std::vector<double> mean_, least_, gram_, weight_;
};

/// Gives the leaves of one tree after another lines over the numbers that their paths split by, each the ridge
/// regression of the Newton steps of its rows; at its rows' means a line says what a constant would. Columns with an
/// infinite value stay out. Leaves are tasks, and their sums go by row, so the lines do not depend on threads.
/// Source: Shi, Li and Li, Gradient boosting with piece-wise linear regression trees (2019).
template <class = void> class linear_leaves {
 public:
  template <executor Ex> linear_leaves(const mixed_columns& x, double ridge, Ex& ex) : x_(x), ridge_(ridge) {
    usable_.resize(x.number_columns);
    ex.for_each_index(usable_.size(), [&](std::size_t j) {
      const float* const column = x.numbers + j * x.stride;
      usable_[j] = std::none_of(column, column + x.rows, [](float v) { return std::isinf(v); }) ? 1 : 0;
    });
  }

  /// Slopes of the next tree: `slopes[i]` belongs to `rows[i]`. They are kept if they are not those of all rows.
  void see(std::span<const std::uint32_t> rows, std::span<const row_slope> slopes) {
    slopes_ = slopes;
    if (rows.size() == x_.rows) return;
    by_row_.resize(x_.rows);
    for (std::size_t i = 0; i < rows.size(); ++i) by_row_[rows[i]] = slopes[i];
    slopes_ = by_row_;
  }

  /// `rows_of(l)` are the rows of leaf l. Leaves without a line keep their constant; if all do, the tree has no lines.
  template <class Rows, executor Ex>
  void fit(gbdt_tree& tree, const slope_scale& scale, const split_rules& rules, double learning_rate, Rows&& rows_of,
           Ex& ex) const {
    const auto columns = columns_of_paths(tree, usable_);
    tree.lines.assign(columns.size(), {});
    ex.for_each_index(columns.size(), [&](std::size_t l) {
      gbdt_line& line = tree.lines[l];
      line = line_fit<>(x_, slopes_, scale, rules, ridge_)(rows_of(l), columns[l]);
      line.constant *= learning_rate;
      for (gbdt_line::term& t : line.terms) t.coefficient *= learning_rate;
      if (line.terms.empty()) line.constant = tree.leaves[l];
    });
    const auto is_constant = [](const gbdt_line& line) { return line.terms.empty(); };
    if (std::all_of(tree.lines.begin(), tree.lines.end(), is_constant)) tree.lines.clear();
  }

 private:
  mixed_columns x_;
  double ridge_;
  std::vector<std::uint8_t> usable_;   // [number columns]
  std::span<const row_slope> slopes_;  // by row
  std::vector<row_slope> by_row_;
};

}  // namespace mlsd::detail
