#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace mlsd {

/// Nanoseconds of the steady clock: what deadlines and latencies are measured by. About 20 ns a call.
struct steady_clock {
  [[nodiscard]] static std::int64_t now() noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

/// When an answer is due: an absolute time of the steady clock that travels with the request, so that whatever was
/// spent on the way counts. None by default.
struct deadline {
  std::int64_t at = (std::numeric_limits<std::int64_t>::max)();  ///< nanoseconds of `steady_clock`

  template <class Clock = steady_clock> [[nodiscard]] static deadline in(std::chrono::nanoseconds budget) noexcept {
    return {Clock::now() + budget.count()};
  }
  /// Whether something that takes `expected` nanoseconds, begun at `now`, ends in time. Requires now >= 0.
  [[nodiscard]] constexpr bool allows(std::int64_t now, std::int64_t expected) const noexcept {
    return now <= at && expected <= at - now;
  }
  friend constexpr bool operator==(const deadline&, const deadline&) = default;
};

}  // namespace mlsd
