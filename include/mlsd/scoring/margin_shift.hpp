#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace mlsd {

/// margin -> margin + shift: what changes when only the share of positives changes. Undoes down-sampling exactly, and
/// moves a model to another prior. The order of scores stays.
/// Source: He et al., Practical lessons from predicting clicks on ads at Facebook (2014), section 6.3, in logit space.
class margin_shift {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "margin_shift";

  margin_shift() = default;
  explicit margin_shift(double shift) noexcept : shift_(shift) {}

  [[nodiscard]] double shift() const noexcept { return shift_; }
  [[nodiscard]] double margin(double margin) const noexcept { return margin + shift_; }
  [[nodiscard]] double probability(double margin) const noexcept { return math::sigmoid(margin + shift_); }

  friend bool operator==(const margin_shift&, const margin_shift&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("shift", self.shift_); }
  [[nodiscard]] result<void> validate() const {
    if (std::isfinite(shift_)) return {};
    return error{errc::corrupt, "margin shift: not finite"};
  }

 private:
  double shift_ = 0;
};

}  // namespace mlsd
