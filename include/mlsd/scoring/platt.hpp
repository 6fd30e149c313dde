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

  friend bool operator==(const platt_map&, const platt_map&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("slope", self.slope_);
    ar("offset", self.offset_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (std::isfinite(slope_) && std::isfinite(offset_)) return {};
    return error{errc::corrupt, "platt map: the slope or the offset is not finite"};
  }

 private:
  double slope_ = 1, offset_ = 0;
};

}  // namespace mlsd
