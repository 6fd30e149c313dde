/// How a benchmark is held against its peer: both by turns in one process, so that a busy machine slows both alike.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <vector>

namespace bench {

/// Seconds of CPU that this thread has used. Asking costs about 0.3 us: time pieces of a millisecond or more.
[[nodiscard]] inline double cpu_seconds() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}
template <class F> [[nodiscard]] double seconds_of(F& f) {
  const double start = cpu_seconds();
  f();
  return cpu_seconds() - start;
}
[[nodiscard]] inline double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2;
}

/// Times `ours` and `peer` in turns, each first in every other turn. Reports the median nanoseconds of one of `items`
/// for both, and `ratio`, the median over turns of ours / peer: below 1 is a win. The time column is that of ours.
template <class Ours, class Peer> void versus(benchmark::State& state, std::size_t items, Ours ours, Peer peer) {
  std::vector<double> our_time, peer_time, ratio;
  ours();
  peer();
  for (auto _ : state) {
    const bool first = our_time.size() % 2 == 0;
    double a = first ? seconds_of(ours) : 0;
    const double b = seconds_of(peer);
    if (!first) a = seconds_of(ours);
    our_time.push_back(a);
    peer_time.push_back(b);
    ratio.push_back(a / b);
    state.SetIterationTime(a);
  }
  const double ns = 1e9 / static_cast<double>(items);
  state.counters["ours_ns"] = median(our_time) * ns;
  state.counters["peer_ns"] = median(peer_time) * ns;
  state.counters["ratio"] = median(ratio);
  state.SetItemsProcessed(static_cast<std::int64_t>(items) * state.iterations());
}

}  // namespace bench

/// Registers `name(state)`, timed by what `versus` reports, for at least a second.
#define BENCH_VERSUS(name) BENCHMARK(name)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(1)
