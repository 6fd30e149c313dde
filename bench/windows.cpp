// Counts of the past events of a key in a window, for every event of a log, against the obvious way: a deque of times a
// key in an unordered_map, from whose front expired ones are dropped. One window, then three (the deque is walked from
// its end for the shorter ones by binary search). Against pandas' rolling windows: bench/peers/pandas_windows.py.
#include "mlsd/store/windows.hpp"
#include "mlsd/core/random.hpp"
#include "peer.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace {

constexpr std::size_t events = 500'000;

struct event_log {
  std::vector<std::uint64_t> key = std::vector<std::uint64_t>(events);
  std::vector<mlsd::timestamp> time = std::vector<mlsd::timestamp>(events);
  event_log() {  // a day; keys as 20,000 users of whom some are far busier than others
    mlsd::random_stream random(3);
    for (std::size_t i = 0; i < events; ++i) {
      const double u = random.uniform();
      key[i] = static_cast<std::uint64_t>(u * u * u * 20'000) * 0x9E3779B97F4A7C15u;
      time[i].ms = static_cast<std::int64_t>(i * (86'400'000 / events));
    }
  }
};
const event_log& all() {
  static const event_log made;
  return made;
}

std::vector<mlsd::duration> windows_of(std::int64_t count) {
  const std::vector<mlsd::duration> three{mlsd::minutes(10), mlsd::hours(1), mlsd::hours(6)};
  return count == 1 ? std::vector{three[1]} : three;
}

std::vector<float> ours(const event_log& log, std::int64_t windows) {
  auto counts = mlsd::event_counts::make({.windows = windows_of(windows)}).value();
  std::vector<float> out(counts.width() * events);
  counts.replay(log.key, log.time, out).value();
  return out;
}

std::vector<float> by_hand(const event_log& log, std::int64_t windows) {
  const auto width = windows_of(windows);
  std::unordered_map<std::uint64_t, std::deque<std::int64_t>> past;
  std::vector<float> out(width.size() * events);
  for (std::size_t i = 0; i < events; ++i) {
    auto& times = past[log.key[i]];
    const std::int64_t now = log.time[i].ms;
    while (!times.empty() && times.front() < now - width.back().ms) times.pop_front();
    for (std::size_t w = 0; w < width.size(); ++w)
      out[w * events + i] =
          static_cast<float>(times.end() - std::lower_bound(times.begin(), times.end(), now - width[w].ms));
    times.push_back(now);
  }
  return out;
}

void counts(benchmark::State& state) {
  const auto a = ours(all(), state.range(0)), b = by_hand(all(), state.range(0));
  if (!std::equal(b.begin(), b.end(), a.begin())) return state.SkipWithError("the counts differ");
  bench::versus(
      state, events, [&] { benchmark::DoNotOptimize(ours(all(), state.range(0))); },
      [&] { benchmark::DoNotOptimize(by_hand(all(), state.range(0))); });
}
BENCH_VERSUS(counts)->Arg(1)->Arg(3);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv,
      [](const char* path) {
        bench::file out(path, "wb");
        out.write(std::span(all().key));
        out.write(std::span(all().time));
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        event_log log;
        log.key = in.read<std::uint64_t>(events);
        log.time = in.read<mlsd::timestamp>(events);
        const double start = bench::cpu_seconds();
        const auto made = ours(log, 1);
        seconds = bench::cpu_seconds() - start;
        double sum = 0;
        for (std::size_t i = 0; i < events; ++i) sum += static_cast<double>(made[i]);
        return sum;
      });
}
