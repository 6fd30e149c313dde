/// What a decision costs: its own latency, the processor time of the whole loop, and what it allocates.
#pragma once

#include "allocations.hpp"
#include "mlsd/serve/deadline.hpp"
#include "mlsd/stats/latency.hpp"

#include <time.h>

#include <cstdint>

namespace fraud {

/// Processor time of this thread while it runs, in seconds.
class processor_time {
 public:
  void go() noexcept { since_ = now(); }
  void pause() noexcept { spent_ += now() - since_; }
  [[nodiscard]] double seconds() const noexcept { return spent_; }

 private:
  [[nodiscard]] static double now() noexcept {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  double since_ = 0, spent_ = 0;
};

/// Times decisions one by one (the clock is some 20 ns of each) and counts what they allocate.
class stopwatch {
 public:
  template <class Decide> auto operator()(Decide&& decide) {
    const std::uint64_t before = ::allocations();
    const std::int64_t start = mlsd::steady_clock::now();
    auto decided = decide();
    times_.update(static_cast<std::uint64_t>(mlsd::steady_clock::now() - start));
    allocated_ += ::allocations() - before;
    return decided;
  }
  [[nodiscard]] double us(double quantile) const noexcept { return times_.quantile(quantile) / 1000; }
  [[nodiscard]] double allocations() const noexcept {
    return times_.count() == 0 ? 0 : static_cast<double>(allocated_) / static_cast<double>(times_.count());
  }

 private:
  mlsd::latency times_{};
  std::uint64_t allocated_ = 0;
};

}  // namespace fraud
