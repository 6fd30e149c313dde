#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// A non-decreasing map from margin to probability: straight lines between knots, constant beyond the first and the
/// last. O(log knots), nothing allocates. NaN gives NaN; never decreases, rounding included.
/// Ties: margins that share a line segment keep their order, margins on a flat one become equal (AUC may change).
class isotonic_map {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "isotonic";

  /// 1/2 everywhere.
  isotonic_map() = default;
  /// Knots: `x` strictly increasing and finite, `y` in [0, 1] and non-decreasing, as many of each, at least one.
  template <class = void> [[nodiscard]] static result<isotonic_map> make(std::vector<double> x, std::vector<double> y) {
    isotonic_map m;
    m.x_ = std::move(x);
    m.y_ = std::move(y);
    if (auto r = m.validate(); !r) return r.error();
    return m;
  }

  [[nodiscard]] std::span<const double> x() const noexcept { return x_; }
  [[nodiscard]] std::span<const double> y() const noexcept { return y_; }

  [[nodiscard]] MLSD_UNCONTRACTED [[gnu::noinline]] double probability(double margin) const noexcept {
    MLSD_CONTRACT_OFF
    if (!(margin > x_.front())) return margin <= x_.front() ? y_.front() : margin;  // NaN
    if (margin >= x_.back()) return y_.back();
    const auto i = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), margin) - x_.begin());
    const double x0 = x_[i - 1], x1 = x_[i], y0 = y_[i - 1], y1 = y_[i];
    return (std::min)(y0 + (margin - x0) / (x1 - x0) * (y1 - y0), y1);
  }
  /// logit of the probability: infinite where that is 0 or 1.
  [[nodiscard]] double margin(double margin) const noexcept { return math::logit(probability(margin)); }

  friend bool operator==(const isotonic_map&, const isotonic_map&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("x", self.x_);
    ar("y", self.y_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    const auto knot = [](std::size_t i) { return "isotonic map: knot " + std::to_string(i) + " "; };
    if (x_.empty() || x_.size() != y_.size())
      return error{errc::corrupt, "isotonic map: " + std::to_string(x_.size()) + " places but " +
                                      std::to_string(y_.size()) + " values"};
    for (std::size_t i = 0; i < x_.size(); ++i) {
      if (!std::isfinite(x_[i]) || (i != 0 && !(x_[i] > x_[i - 1])))
        return error{errc::corrupt, knot(i) + "is not finite and to the right of the one before"};
      if (!(y_[i] >= 0 && y_[i] <= 1) || (i != 0 && y_[i] < y_[i - 1]))
        return error{errc::corrupt, knot(i) + "has a value outside [0, 1] or less than the one before"};
    }
    if (!std::isfinite(x_.back() - x_.front())) return error{errc::corrupt, "isotonic map: too wide"};
    return {};
  }

 private:
  std::vector<double> x_{0.0}, y_{0.5};
};

}  // namespace mlsd
