#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/stats/quantile.hpp"

namespace mlsd {

/// A distribution to compare a stream with, kept in bounded memory: at most `knots` values of the reference column and
/// its weight at each knot and between neighbours. A column of at most `knots` distinct values is kept whole, and
/// `ks` is then exact; otherwise knots lie at equal steps of rank, and `ks` is short by at most about 1 / knots.
/// Making: O(n log n). Memory: 24 bytes a knot. NaN is left out.
class ks_reference {
 public:
  ks_reference() = default;

  template <class = void> [[nodiscard]] static ks_reference from(const sorted_sample& column, std::size_t knots = 256) {
    assert(knots >= 2);
    ks_reference r;
    const std::span<const double> values = column.values();
    if (values.size() <= knots) {
      r.knots_.assign(values.begin(), values.end());
    } else {
      for (std::size_t k = 0; k < knots; ++k) {
        const double rank = column.weight() * static_cast<double>(k) / static_cast<double>(knots - 1);
        const auto at = std::lower_bound(column.cumulative().begin(), column.cumulative().end(), rank);
        const auto i = (std::min)(static_cast<std::size_t>(at - column.cumulative().begin()), values.size() - 1);
        if (r.knots_.empty() || r.knots_.back() < values[i]) r.knots_.push_back(values[i]);
      }
    }
    r.weight_.assign(r.cells(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
      r.weight_[r.cell(values[i])] += column.cumulative()[i] - (i == 0 ? 0 : column.cumulative()[i - 1]);
    r.rows_ = column.effective_rows();
    return r;
  }
  /// `weights`: as many as `values`, or none.
  template <class = void>
  [[nodiscard]] static ks_reference from(std::span<const float> values, std::span<const float> weights = {}) {
    return from(sorted_sample::from(values, weights));
  }

  /// 2 i + 1 for knot i itself, 2 i for what lies below it and above the knot before. O(log knots). Requires no NaN.
  [[nodiscard]] std::size_t cell(double x) const noexcept {
    const auto at = std::lower_bound(knots_.begin(), knots_.end(), x);
    return 2 * static_cast<std::size_t>(at - knots_.begin()) + static_cast<std::size_t>(at != knots_.end() && *at == x);
  }
  [[nodiscard]] std::size_t cells() const noexcept { return 2 * knots_.size() + 1; }
  [[nodiscard]] std::span<const double> knots() const noexcept { return knots_; }
  /// Reference weight by cell [cells()].
  [[nodiscard]] std::span<const double> weight() const noexcept { return weight_; }
  [[nodiscard]] double effective_rows() const noexcept { return rows_; }
  [[nodiscard]] bool empty() const noexcept { return knots_.empty(); }

  friend bool operator==(const ks_reference&, const ks_reference&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("knots", self.knots_);
    ar("weight", self.weight_);
    ar("rows", self.rows_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    for (std::size_t i = 0; i < knots_.size(); ++i)
      if (std::isnan(knots_[i]) || (i > 0 && !(knots_[i - 1] < knots_[i])))
        return error{errc::corrupt, "knot " + std::to_string(i) + " is not above the one before"};
    if (weight_.size() != cells())
      return error{errc::corrupt, "a reference of " + std::to_string(knots_.size()) + " knots has " +
                                      std::to_string(weight_.size()) + " cells"};
    for (const double w : weight_)
      if (!(std::isfinite(w) && w >= 0)) return error{errc::corrupt, "a reference cell is negative or not finite"};
    if (!(std::isfinite(rows_) && rows_ >= 0))
      return error{errc::corrupt, "the effective rows of a reference are negative or not finite"};
    return {};
  }

 private:
  std::vector<double> knots_, weight_{0.0};
  double rows_ = 0;
};

}  // namespace mlsd
