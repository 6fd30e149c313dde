#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/core/time.hpp"

#include <cstdint>
#include <string_view>

namespace mlsd {

/// The hour of a time stamp, 0 to 23, as a code; `utc_offset` in minutes east of UTC, -1,439 to 1,439.
struct hour_of_day {
  static constexpr std::string_view type_name = "hour_of_day";
  std::int32_t utc_offset = 0;

  [[nodiscard]] constexpr code operator()(timestamp t) const noexcept {
    return {static_cast<std::uint32_t>(floor_mod(t.ms % 86'400'000 + utc_offset * 60'000LL, 86'400'000) / 3'600'000)};
  }
  [[nodiscard]] static constexpr std::uint32_t cardinality() noexcept { return 24; }
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("utc_offset", self.utc_offset);
  }

 private:
  [[nodiscard]] static constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) noexcept {
    return (a % b + b) % b;
  }
};

}  // namespace mlsd
