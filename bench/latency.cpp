// One duration into a latency histogram, against the usual alternative of metrics clients: a sorted array of bucket
// limits, found by binary search, 12 of them (as is the default there), and 150, which bound the relative error as
// little as 10%. Then three percentiles of a million durations, against keeping and sorting them all.
#include "mlsd/stats/latency.hpp"
#include "mlsd/core/random.hpp"
#include "versus.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

constexpr std::size_t calls = 1'000'000;

const std::vector<std::uint64_t>& durations() {  // nanoseconds, median 1 ms, with a long tail
  static const std::vector<std::uint64_t> made = [] {
    mlsd::random_stream random(3);
    std::vector<std::uint64_t> x(calls);
    for (auto& v : x) v = static_cast<std::uint64_t>(std::exp(random.normal(13.8, 1)));
    return x;
  }();
  return made;
}

struct limits {
  std::vector<std::uint64_t> upper, count;
  explicit limits(std::size_t n) : count(n + 1) {
    for (std::size_t i = 0; i < n; ++i)
      upper.push_back(static_cast<std::uint64_t>(1e4 * std::pow(1e6, static_cast<double>(i) / static_cast<double>(n))));
  }
  void update(std::uint64_t x) {
    ++count[static_cast<std::size_t>(std::lower_bound(upper.begin(), upper.end(), x) - upper.begin())];
  }
};

void record(benchmark::State& state) {
  mlsd::latency ours;
  limits peer(static_cast<std::size_t>(state.range(0)));
  bench::versus(
      state, calls,
      [&] {
        for (const std::uint64_t x : durations()) ours.update(x);
        benchmark::DoNotOptimize(ours);
      },
      [&] {
        for (const std::uint64_t x : durations()) peer.update(x);
        benchmark::DoNotOptimize(peer);
      });
}
BENCH_VERSUS(record)->Arg(12)->Arg(150);

void percentiles(benchmark::State& state) {
  bench::versus(
      state, calls,
      [&] {
        mlsd::latency m;
        for (const std::uint64_t x : durations()) m.update(x);
        benchmark::DoNotOptimize(m.quantile(0.5) + m.quantile(0.99) + m.quantile(0.999));
      },
      [&] {
        std::vector<std::uint64_t> x = durations();
        double sum = 0;
        for (const double q : {0.5, 0.99, 0.999}) {
          const auto at = x.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(calls));
          std::nth_element(x.begin(), at, x.end());
          sum += static_cast<double>(*at);
        }
        benchmark::DoNotOptimize(sum);
      });
}
BENCH_VERSUS(percentiles);

}  // namespace

BENCHMARK_MAIN();
