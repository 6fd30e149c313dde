// Point-in-time joins and look-ups, the online store under a writer, and the feature log, each against the obvious way.
// A row of a join is an event or a query. Against pandas.merge_asof: bench/peers/merge_asof.py; against Redis:
// bench/peers/redis_get.py. MLSD_BENCH_KEYS sets the number of keys of what those two run.
#include "mlsd/core/hash.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/store/as_of_join.hpp"
#include "mlsd/store/feature_log.hpp"
#include "mlsd/store/history.hpp"
#include "mlsd/store/online.hpp"
#include "peer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

namespace {

constexpr std::size_t events = 5'000'000, queries = 1'000'000;
constexpr std::int64_t month = 30LL * 86'400'000;

std::uint64_t keys_of_environment(std::uint64_t otherwise) {
  const char* text = std::getenv("MLSD_BENCH_KEYS");
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Hashed keys; times in order, as pandas wants them. A tenth of the events is known up to an hour late.
struct join_columns {
  std::vector<std::uint64_t> event_key, query_key;
  std::vector<mlsd::timestamp> event_time, query_time, known;
  explicit join_columns(std::uint64_t keys = 0) {
    if (keys == 0) return;
    mlsd::random_stream random(3);
    const auto fill = [&](auto& key, auto& time, std::size_t n) {
      key.resize(n), time.resize(n);
      for (auto& k : key) k = mlsd::hash_mix(random.uniform_int(keys));
      for (auto& t : time) t.ms = static_cast<std::int64_t>(random.uniform_int(month));
      std::sort(time.begin(), time.end());
    };
    fill(event_key, event_time, events);
    fill(query_key, query_time, queries);
    for (const auto t : event_time)
      known.push_back(t + mlsd::duration{static_cast<std::int64_t>(
                              random.uniform_int(random.uniform() < 0.1 ? 3'600'000 : 2'000))});
  }
};
const join_columns& columns(std::uint64_t keys) {
  static join_columns made;
  static std::uint64_t of = 0;
  if (of != keys) made = join_columns(of = keys);
  return made;
}

using matches = std::vector<mlsd::as_of_match>;
matches join(const join_columns& c, bool known) {
  return mlsd::as_of_join({c.event_key, c.event_time, known ? c.known : std::span<const mlsd::timestamp>{}},
                          {c.query_key, c.query_time})
      .value();
}
/// A sorted vector of events a key, and a binary search a query. With known times: back from there to the first known.
matches join_by_hand(const join_columns& c, bool known) {
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> of_key;
  for (std::uint32_t i = 0; i < events; ++i) of_key[c.event_key[i]].push_back(i);
  matches out(queries);
  for (std::size_t q = 0; q < queries; ++q) {
    const auto found = of_key.find(c.query_key[q]);
    if (found == of_key.end()) continue;
    const mlsd::timestamp t = c.query_time[q];
    const auto& rows = found->second;
    auto at = std::upper_bound(rows.begin(), rows.end(), t,
                               [&](mlsd::timestamp x, std::uint32_t row) { return x < c.event_time[row]; });
    while (at != rows.begin() && known && c.known[*(at - 1)] > t) --at;
    if (at != rows.begin()) out[q] = mlsd::as_of_match(*(at - 1));
  }
  return out;
}
void as_of_join(benchmark::State& state) {
  const auto& c = columns(static_cast<std::uint64_t>(state.range(0)));
  const bool known = state.range(1) != 0;
  const auto a = join(c, known), b = join_by_hand(c, known);
  for (std::size_t i = 0; i < queries; ++i)
    if (static_cast<bool>(a[i]) != static_cast<bool>(b[i]) || (a[i] && a[i].row() != b[i].row()))
      return state.SkipWithError("the matches differ");
  bench::versus(
      state, events + queries, [&] { benchmark::DoNotOptimize(join(c, known)); },
      [&] { benchmark::DoNotOptimize(join_by_hand(c, known)); });
  state.counters["Mrows_per_s"] = 1000 / state.counters["ours_ns"];
}
BENCH_VERSUS(as_of_join)->ArgNames({"keys", "known"})->Args({1'000'000, 0})->Args({1'000'000, 1});
BENCH_VERSUS(as_of_join)->ArgNames({"keys", "known"})->Args({100'000, 0})->Args({100'000, 1});

/// Look-ups of what was known, against a std::map of times a key which knows nothing of late events.
void history(benchmark::State& state) {
  constexpr std::uint64_t keys = 100'000;
  const auto& c = columns(keys);
  mlsd::history<std::uint32_t> ours;
  std::unordered_map<std::uint64_t, std::map<std::int64_t, std::uint32_t>> peer;
  for (std::uint32_t i = 0; i < events / 5; ++i) {
    ours.put(c.event_key[i], i, c.event_time[i], c.known[i]);
    peer[c.event_key[i]][c.event_time[i].ms] = i;
  }
  const std::size_t n = queries / 5;
  bench::versus(
      state, n,
      [&] {
        for (std::size_t i = 0; i < n; ++i) benchmark::DoNotOptimize(ours.as_of(c.query_key[i], c.query_time[i]).row);
      },
      [&] {
        for (std::size_t i = 0; i < n; ++i) {
          const auto& times = peer[c.query_key[i]];
          const auto at = times.upper_bound(c.query_time[i].ms);
          benchmark::DoNotOptimize(at == times.begin() ? 0 : std::prev(at)->second);
        }
      });
}
BENCH_VERSUS(history);

using row = std::array<float, 16>;  // 64 bytes
using online = mlsd::online_store<row>;
constexpr mlsd::timestamp now{1};

online& filled_store(std::uint64_t keys) {
  static online store = online::make({.capacity = keys}).value();
  if (store.size() == 0)
    for (std::uint64_t k = 0; k < keys; ++k) store.put(k, row{static_cast<float>(k % 1000)}, now);
  return store;
}
std::vector<std::uint64_t> random_keys(std::size_t n, std::uint64_t below) {
  mlsd::random_stream random(5);
  std::vector<std::uint64_t> keys(n);
  for (auto& k : keys) k = random.uniform_int(below);
  return keys;
}
/// Writes random keys at a steady rate until it goes.
class steady_writer {
 public:
  steady_writer(online& store, std::uint64_t keys, double rate)
      : thread_([this, &store, keys, rate] {
          using clock = std::chrono::steady_clock;
          mlsd::random_stream random(9);
          std::int64_t t = now.ms;
          const auto start = clock::now();
          for (std::uint64_t written = 0; !done_;) {
            const double due = rate * std::chrono::duration<double>(clock::now() - start).count();
            for (; static_cast<double>(written) < due; ++written)
              store.put(random.uniform_int(keys), row{1}, mlsd::timestamp{++t});
            std::this_thread::sleep_for(std::chrono::microseconds(200));
          }
        }) {}
  ~steady_writer() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

/// Percentiles of single look-ups under a writer, the two readings of the clock included; and how long a reading of
/// memory that depends on the one before takes on this machine, which is the floor.
void online_latency(benchmark::State& state) {
  const std::uint64_t keys = keys_of_environment(10'000'000);
  online& store = filled_store(keys);
  const auto wanted = random_keys(200'000, keys);
  const auto nanoseconds = [] {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
  };
  std::vector<double> latency;
  double clock = 1e9;
  {
    const steady_writer writer(store, keys, 100'000);
    for (auto _ : state)
      for (const std::uint64_t key : wanted) {
        const double start = nanoseconds();
        benchmark::DoNotOptimize(store.as_of(key, {1LL << 40}));
        const double end = nanoseconds();
        latency.push_back(end - start);
        clock = (std::min)(clock, nanoseconds() - end);
      }
  }
  mlsd::detail::page_array<std::uint32_t> chain(keys * 32);  // about as large as the store, on such pages
  for (std::size_t i = 0; i < chain.size(); ++i)
    chain[i] = static_cast<std::uint32_t>(mlsd::hash_mix(i) % chain.size());
  std::uint32_t at = 0;
  double dependent = bench::cpu_seconds();
  for (int i = 0; i < 1'000'000; ++i) at = chain[(at + static_cast<std::uint32_t>(i)) % chain.size()];
  dependent = (bench::cpu_seconds() - dependent) * 1e3;  // of a million, in ns each
  benchmark::DoNotOptimize(at);
  std::sort(latency.begin(), latency.end());
  const auto quantile = [&](double p) {
    return latency[static_cast<std::size_t>(p * static_cast<double>(latency.size()))];
  };
  state.counters["p50_ns"] = quantile(0.5);
  state.counters["p99_ns"] = quantile(0.99);
  state.counters["p999_ns"] = quantile(0.999);
  state.counters["clock_ns"] = clock;
  state.counters["memory_ns"] = dependent;
}
BENCHMARK(online_latency)->Iterations(10)->Unit(benchmark::kMillisecond);

/// Look-ups one after the other, and with the keys of a batch prefetched, against std::unordered_map and a shared lock.
void online_lookups(benchmark::State& state) {
  const std::uint64_t keys = keys_of_environment(10'000'000);
  online& store = filled_store(keys);
  static std::unordered_map<std::uint64_t, row> peer;
  if (peer.empty())
    for (std::uint64_t k = 0; k < keys; ++k) peer.emplace(k, row{1});
  std::shared_mutex mutex;
  const auto wanted = random_keys(1'000'000, keys);
  const std::size_t ahead = static_cast<std::size_t>(state.range(0));
  bench::versus(
      state, wanted.size(),
      [&] {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          if (ahead != 0 && i + ahead < wanted.size()) store.prefetch(wanted[i + ahead]);
          benchmark::DoNotOptimize(store.as_of(wanted[i], {1LL << 40}));
        }
      },
      [&] {
        for (const std::uint64_t key : wanted) {
          const std::shared_lock lock(mutex);
          row copy = peer.find(key)->second;
          benchmark::DoNotOptimize(copy);
        }
      });
}
BENCH_VERSUS(online_lookups)->ArgName("ahead")->Arg(0)->Arg(10);

/// Records of 256 bytes, written one by one or in buffers of 64 KiB, against std::fwrite and a flush each, which checks
/// nothing.
void feature_log_appends(benchmark::State& state) {
  const char* const ours = "mlsd_bench_log_ours";
  const char* const peer = "mlsd_bench_log_peer";
  const std::array<std::byte, 256> features{};
  constexpr std::uint64_t records = 20'000;
  const bool buffered = state.range(0) != 0;
  bench::versus(
      state, records,
      [&] {
        std::remove(ours);
        auto log = mlsd::feature_log::open(ours, {.buffer = buffered ? std::size_t{1} << 16 : 0}).value();
        for (std::uint64_t i = 0; i < records; ++i) log.append({i, {0}, 7, features}).value();
      },
      [&] {
        std::remove(peer);
        std::FILE* f = std::fopen(peer, "wb");
        for (std::uint64_t i = 0; i < records; ++i) {
          std::fwrite(&i, sizeof i, 1, f);
          std::fwrite(features.data(), 1, features.size(), f);
          if (!buffered) std::fflush(f);
        }
        std::fclose(f);
      });
  std::remove(ours);
  std::remove(peer);
}
BENCH_VERSUS(feature_log_appends)->ArgName("buffered")->Arg(0)->Arg(1);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv,
      [](const char* path) {
        const auto& c = columns(keys_of_environment(1'000'000));
        bench::file out(path, "wb");
        out.write(std::span(c.event_key));
        out.write(std::span(c.event_time));
        out.write(std::span(c.query_key));
        out.write(std::span(c.query_time));
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        join_columns c;
        c.event_key = in.read<std::uint64_t>(events);
        c.event_time = in.read<mlsd::timestamp>(events);
        c.query_key = in.read<std::uint64_t>(queries);
        c.query_time = in.read<mlsd::timestamp>(queries);
        benchmark::DoNotOptimize(join(c, false));  // the peer's process lives on from turn to turn: warm this one, too
        const double start = bench::cpu_seconds();
        const auto found = join(c, false);
        seconds = bench::cpu_seconds() - start;
        double sum = 0;
        for (const auto m : found) sum += m ? m.row() : 0;
        return sum;
      });
}
