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

/// What the line of one leaf is fitted to: sums over its rows that have all of its columns [k], which are taken from
/// `shift`, a place among them, so that no digits are lost.
struct line_sums {
  std::span<const std::uint32_t> columns{};
  slope_sum total{};
  bool is_placed = false;
  std::vector<double> shift{}, first{}, slope{};  // [k]: the place; sums of h x and g x
  std::vector<double> gram{};                     // [k, k], lower half: sums of h x x'

  template <class = void> explicit line_sums(std::span<const std::uint32_t> of) : columns(of) {
    for (std::vector<double>* v : {&shift, &first, &slope}) v->assign(of.size(), 0);
    gram.assign(of.size() * of.size(), 0);
  }
};

/// Adds rows to the sums of leaves, and finds their lines; its buffers are used again. `slopes` are by row of x.
template <class = void> class line_fit {
 public:
  line_fit(const mixed_columns& x, std::span<const row_slope> slopes, const slope_scale& scale)
      : x_(x), slopes_(slopes), scale_(scale) {}

  /// Rows with NaN in one of the columns do not count. O(rows x columns^2).
  void add(std::span<const std::uint32_t> rows, line_sums& to) {
    for (std::size_t first = 0; first < rows.size() && !to.columns.empty(); first += tile) {
      const std::span<const std::uint32_t> some = rows.subspan(first, (std::min)(tile, rows.size() - first));
      if (!to.is_placed) place(some, to);
      to.total = to.total + load(some, to);
      sum_products(to);
    }
  }

  /// The line, before the learning rate; without terms where there is none: of too few rows, or of columns that do not
  /// vary. O(columns^3).
  [[nodiscard]] MLSD_UNCONTRACTED gbdt_line operator()(line_sums& of, const split_rules& rules, double ridge) const {
    MLSD_CONTRACT_OFF
    const std::size_t k = of.columns.size();
    const double g = scale_.gradient(of.total), h = scale_.hessian(of.total);
    if (k == 0 || scale_.count(of.total) <= k || !(h > 0)) return {};
    std::vector<double> mean(k), least(k);
    for (std::size_t j = 0; j < k; ++j) {
      const double off = of.first[j] / h;  // from the shift
      of.slope[j] -= g * off;
      for (std::size_t i = 0; i <= j; ++i) of.gram[j * k + i] -= of.first[i] * off;
      mean[j] = of.shift[j] + off;
      least[j] = float_noise * h * mean[j] * mean[j];
    }
    solve_ridge(of.gram, of.slope, ridge, least);
    gbdt_line line{rules.value(g, h, rules.l2), {}};  // at the means
    for (std::size_t j = 0; j < k; ++j) {
      const double w = of.slope[j];
      line.constant -= w * mean[j];
      if (!std::isfinite(w)) return {};
      if (std::fabs(w) > static_cast<double>(gbdt_zero)) line.terms.push_back({of.columns[j], w});
    }
    return std::isfinite(line.constant) ? line : gbdt_line{};
  }

 private:
  static constexpr std::size_t tile = 128, step = 4;
  /// What a float cannot tell from its neighbour, squared.
  static constexpr double float_noise = 1e-16;
  using lanes = double __attribute__((vector_size(32)));

  /// Values, less the shift, and slopes of some rows, and zeros up to a whole step; 0 in all of a row that lacks a
  /// value. Returns the slopes' sum.
  slope_sum load(std::span<const std::uint32_t> rows, const line_sums& from) {
    const std::size_t k = from.columns.size();
    padded_ = (rows.size() + step - 1) / step * step;
    x_of_.resize(k * tile);
    bool complete[tile];
    std::fill_n(complete, tile, true);
    for (std::size_t j = 0; j < k; ++j) {
      const float* const column = x_.numbers + from.columns[j] * x_.stride;
      double* const to = &x_of_[j * tile];
      for (std::size_t i = 0; i < rows.size(); ++i) {
        to[i] = static_cast<double>(column[rows[i]]) - from.shift[j];
        complete[i] = complete[i] && to[i] == to[i];
      }
    }
    slope_sum sum;
    for (std::size_t i = 0; i < padded_; ++i) {
      const bool counts = i < rows.size() && complete[i];
      const slope_sum s = counts ? scale_.widen(slopes_[rows[i]]) : slope_sum{};
      gradient_[i] = scale_.gradient(s);
      hessian_[i] = scale_.hessian(s);
      sum = sum + s;
      for (std::size_t j = 0; j < k && !counts; ++j) x_of_[j * tile + i] = 0;
    }
    return sum;
  }
  /// The shift: the mean of the first rows that count.
  void place(std::span<const std::uint32_t> rows, line_sums& sums) {
    const double n = static_cast<double>(scale_.count(load(rows, sums)));
    if (n == 0) return;
    for (std::size_t j = 0; j < sums.columns.size(); ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < padded_; ++i) sum += x_of_[j * tile + i];
      sums.shift[j] = sum / n;
    }
    sums.is_placed = true;
  }
  /// The sum over what is loaded, in four lanes.
  [[nodiscard]] MLSD_UNCONTRACTED double dot(const double* a, const double* b) const noexcept {
    MLSD_CONTRACT_OFF
    lanes sum = {};
    for (std::size_t i = 0; i < padded_; i += step) {
      lanes left, right;
      std::memcpy(&left, a + i, sizeof left);
      std::memcpy(&right, b + i, sizeof right);
      sum += left * right;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
  void sum_products(line_sums& to) const noexcept {
    const std::size_t k = to.columns.size();
    for (std::size_t j = 0; j < k; ++j) {
      const double* const x = &x_of_[j * tile];
      double weighted[tile];
      for (std::size_t i = 0; i < padded_; ++i) weighted[i] = hessian_[i] * x[i];
      to.first[j] += dot(hessian_, x);
      to.slope[j] += dot(gradient_, x);
      for (std::size_t i = 0; i <= j; ++i) to.gram[j * k + i] += dot(weighted, &x_of_[i * tile]);
    }
  }

  mixed_columns x_;
  std::span<const row_slope> slopes_;
  const slope_scale& scale_;
  std::size_t padded_ = 0;    // rows that are loaded, and what makes them whole steps
  std::vector<double> x_of_;  // [k, tile]
  double gradient_[tile], hessian_[tile];
};

/// Cuts rows into stretches that a cache holds: calls `use(l, rows)` for the rows of each leaf [first, last) that lie
/// in the first stretch, then in the second, and so on. `rows_of(l)` are a leaf's rows, ascending.
template <class Rows, class Use> void for_each_stretch(std::size_t first, std::size_t last, Rows&& rows_of, Use&& use) {
  constexpr std::size_t stretch = 16384;
  std::vector<std::size_t> done(last - first);
  std::size_t left = 0;
  for (std::size_t l = first; l < last; ++l) left += rows_of(l).size();
  for (std::size_t end = stretch; left > 0; end += stretch)
    for (std::size_t l = first; l < last; ++l) {
      const std::span<const std::uint32_t> rows = rows_of(l).subspan(done[l - first]);
      const auto n = static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), end) - rows.begin());
      if (n != 0) use(l, rows.first(n));
      done[l - first] += n;
      left -= n;
    }
}

/// How many leaves a thread takes at once: neighbouring rows lie in different leaves, so the more, the fewer cache
/// lines are read twice.
[[nodiscard]] inline constexpr std::size_t leaves_at_once(std::size_t leaves, std::size_t threads) noexcept {
  return std::clamp(leaves / (threads == 1 ? 1 : 2 * threads), std::size_t{1}, std::size_t{256});
}

/// Gives the leaves of one tree after another lines over the numbers that their paths split by, each the ridge
/// regression of the Newton steps of its rows; at its rows' means a line says what a constant would. Columns with an
/// infinite value in a row that weighs something stay out. The sums of a leaf go by row, so the lines do not depend on
/// threads. Source: Shi, Li and Li, Gradient boosting with piece-wise linear regression trees (2019).
template <class = void> class linear_leaves {
 public:
  /// `weight` is empty or [rows].
  template <executor Ex>
  linear_leaves(const mixed_columns& x, std::span<const float> weight, double ridge, Ex& ex) : x_(x), ridge_(ridge) {
    usable_.resize(x.number_columns);
    ex.for_each_index(usable_.size(), [&](std::size_t j) {
      const float* const column = x.numbers + j * x.stride;
      usable_[j] = 1;
      for (std::size_t i = 0; i < x.rows; ++i)
        if (std::isinf(column[i]) && (weight.empty() || weight[i] > 0)) usable_[j] = 0;
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

  /// `rows_of(l)` are the rows of leaf l, ascending. Leaves without a line keep their constant; if all do, the tree has
  /// no lines.
  template <class Rows, executor Ex>
  void fit(gbdt_tree& tree, const slope_scale& scale, const split_rules& rules, double learning_rate, Rows&& rows_of,
           Ex& ex) const {
    const auto columns = columns_of_paths(tree, usable_);
    tree.lines.assign(columns.size(), {});
    for_each_chunk(
        ex, columns.size(), leaves_at_once(columns.size(), ex.concurrency()), [&](std::size_t a, std::size_t b) {
          std::vector<line_sums> sums;
          for (std::size_t l = a; l < b; ++l) sums.emplace_back(columns[l]);
          line_fit<> fit_of(x_, slopes_, scale);
          for_each_stretch(a, b, rows_of,
                           [&](std::size_t l, std::span<const std::uint32_t> rows) { fit_of.add(rows, sums[l - a]); });
          for (std::size_t l = a; l < b; ++l) {
            gbdt_line& line = tree.lines[l];
            line = fit_of(sums[l - a], rules, ridge_);
            line.constant *= learning_rate;
            for (gbdt_line::term& t : line.terms) t.coefficient *= learning_rate;
            if (line.terms.empty()) line.constant = tree.leaves[l];
          }
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
