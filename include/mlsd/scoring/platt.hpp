#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace mlsd {

/// margin -> slope * margin + offset; the probability is the sigmoid of that. With slope > 0 the order of scores, and
/// so the AUC, stays. Temperature scaling is the case offset = 0, slope = 1 / temperature. Source: Platt, Probabilistic
/// outputs for support vector machines (1999).
class platt_map {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "platt";

  platt_map() = default;
  platt_map(double slope, double offset) noexcept : slope_(slope), offset_(offset) {}

  [[nodiscard]] double slope() const noexcept { return slope_; }
  [[nodiscard]] double offset() const noexcept { return offset_; }

  [[nodiscard]] MLSD_UNCONTRACTED [[gnu::noinline]] double margin(double margin) const noexcept {
    MLSD_CONTRACT_OFF
    return slope_ * margin + offset_;
  }
  [[nodiscard]] double probability(double margin) const noexcept { return math::sigmoid(this->margin(margin)); }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("slope", self.slope_);
    ar("offset", self.offset_);
  }
  [[nodiscard]] result<void> validate() const {
    if (std::isfinite(slope_) && std::isfinite(offset_)) return {};
    return error{errc::corrupt, "platt map: the slope or the offset is not finite"};
  }

 private:
  double slope_ = 1, offset_ = 0;
};

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

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("shift", self.shift_); }
  [[nodiscard]] result<void> validate() const {
    if (std::isfinite(shift_)) return {};
    return error{errc::corrupt, "margin shift: not finite"};
  }

 private:
  double shift_ = 0;
};

}  // namespace mlsd
