#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/serve/deadline.hpp"
#include "mlsd/stats/latency.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mlsd {

/// What one request knows while it passes the stages.
template <class Clock = steady_clock> struct serving_state {
  deadline due{};
  std::int64_t now = Clock::now();  ///< when the last stage ended
  std::uint64_t fallbacks = 0;      ///< bit i: stage i gave way to its fallback
  std::size_t stage = 0;            ///< the stage that runs
  [[nodiscard]] static std::int64_t clock() noexcept { return Clock::now(); }
};

/// What the first stage gets: an empty list of these.
struct nothing {};

/// How long a stage took over all requests of one workspace, in nanoseconds, and what it should be expected to take.
class stage_times {
 public:
  void update(std::uint64_t nanoseconds) noexcept {
    times_.update(nanoseconds);
    // The percentile costs a microsecond: it is looked up at 1, 2, 4, ... requests and then every 256.
    // Tried in hope, and as slow as ever: what was expected is right again.
    const bool disappointed = faded_ && static_cast<double>(nanoseconds) > expected_;
    if (++runs_ % 256 == 0 || std::has_single_bit(runs_) || disappointed) {
      expected_ = times_.quantile(0.99);
      faded_ = false;
    }
  }
  /// The 99th percentile as of a short while ago; 0 before the first request.
  [[nodiscard]] std::int64_t expected() const noexcept { return static_cast<std::int64_t>(expected_); }
  /// A stage that is always skipped would never learn that it has become faster: each time takes 1/64 off.
  void skip() noexcept {
    expected_ -= expected_ / 64;
    faded_ = true;
  }
  [[nodiscard]] const latency& times() const noexcept { return times_; }

 private:
  latency times_{};
  std::uint64_t runs_ = 0;
  double expected_ = 0;
  bool faded_ = false;  // since expected_ was looked up
};

/// A stage of serving: `run(request, std::span<In>, scratch<In>&, state) const noexcept -> std::span<output<In>>`.
/// `scratch<In>` is what `make_scratch<In>(n)` gives for lists of up to n, all buffers in it; `capacity(n)` is how long
/// the list can be that comes out.
template <class S>
concept serving_stage = std::copy_constructible<S> && requires(const S& s, std::size_t n) {
  { S::stage_name } -> std::convertible_to<std::string_view>;
  { s.capacity(n) } noexcept -> std::convertible_to<std::size_t>;
};

}  // namespace mlsd
