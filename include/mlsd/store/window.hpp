#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <cstdint>
#include <string>

namespace mlsd {

enum class window_kind : std::uint8_t { sliding, sawtooth, hopping, tumbling };

/// A stretch of the past as seen at time t, which it never contains: `[from(t), to(t))`. A duration w alone is the
/// sliding window [t - w, t). The grid of the others counts from 1970 and rounds to minus infinity; online and offline
/// share it, since it belongs to the definition. Times saturate at the ends of 64 bits.
struct window {
  duration width{};
  duration hop{};  ///< the step of the grid; 0 where there is none
  window_kind kind = window_kind::sliding;

  constexpr window() = default;
  constexpr window(duration w) noexcept : width(w) {}
  constexpr window(window_kind k, duration w, duration h) noexcept : width(w), hop(h), kind(k) {}

  [[nodiscard]] constexpr timestamp from(timestamp t) const noexcept {
    if (kind == window_kind::sliding) return t - width;
    return kind == window_kind::tumbling ? floor_to(t, width) : floor_to(t - width, hop);
  }
  [[nodiscard]] constexpr timestamp to(timestamp t) const noexcept {
    return kind == window_kind::hopping ? floor_to(t, hop) : t;
  }
  /// How far back from t the window reaches at most.
  [[nodiscard]] constexpr duration reach() const noexcept { return width + hop; }

  friend constexpr bool operator==(const window&, const window&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("width", self.width);
    ar("hop", self.hop);
    ar("kind", self.kind);
  }
  template <class = void> [[nodiscard]] result<void> check() const {
    const bool has_grid = kind == window_kind::sawtooth || kind == window_kind::hopping;
    if (kind > window_kind::tumbling) return error{errc::invalid_argument, "a window is of no known kind"};
    if (width.ms <= 0)
      return error{errc::invalid_argument, "a window of " + std::to_string(width.ms) + " ms is not positive"};
    if (has_grid ? hop.ms <= 0 : hop.ms != 0)
      return error{errc::invalid_argument, "a window with a hop of " + std::to_string(hop.ms) + " ms"};
    return {};
  }
};

/// [t - width, t). The default: a duration converts to it.
[[nodiscard]] constexpr window sliding(duration width) noexcept { return width; }
/// [floor(t - width, hop), t): sees everything that `sliding` sees, and the rest of its oldest step.
[[nodiscard]] constexpr window sawtooth(duration width, duration hop) noexcept {
  return {window_kind::sawtooth, width, hop};
}
/// [floor(t - width, hop), floor(t, hop)): whole steps only, so it changes once a step.
[[nodiscard]] constexpr window hopping(duration width, duration hop) noexcept {
  return {window_kind::hopping, width, hop};
}
/// [floor(t, width), t): since the clock last struck; starts from nothing at each stroke.
[[nodiscard]] constexpr window tumbling(duration width) noexcept { return {window_kind::tumbling, width, {}}; }

}  // namespace mlsd
