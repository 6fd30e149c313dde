// Windows over the past events of a key, against the obvious way by hand: a deque of events a key in an unordered_map,
// from whose front expired ones are dropped.
//
// `counts` replays a log: one window, then three (the deque is searched for the shorter ones). Against pandas' rolling
// windows: bench/peers/pandas_windows.py.
//
// `decisions` is what a fraud system asks of each card payment, with a million events within the longest window, and a
// merchant of 100,000: for the card, the merchant and the two together, counts, sums and means in six windows from a
// minute to 30 days, and three distinct counts, asked and then added. The peer keeps, for each window, where it begins
// and its running count and sum in whole cents, and a map of reference counts for each distinct count.
#include "mlsd/store/windows.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/random.hpp"
#include "peer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
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

std::vector<mlsd::window> windows_of(std::int64_t count) {
  const std::vector<mlsd::window> three{mlsd::minutes(10), mlsd::hours(1), mlsd::hours(6)};
  return count == 1 ? std::vector{three[1]} : three;
}

std::vector<float> ours(const event_log& log, std::int64_t count) {
  auto counts = mlsd::windows::make({.count = windows_of(count)}).value();
  std::vector<float> out(counts.width() * events);
  counts.replay({.keys = log.key, .times = log.time}, out).value();
  return out;
}

std::vector<float> by_hand(const event_log& log, std::int64_t count) {
  const auto width = windows_of(count);
  std::unordered_map<std::uint64_t, std::deque<std::int64_t>> past;
  std::vector<float> out(width.size() * events);
  for (std::size_t i = 0; i < events; ++i) {
    auto& times = past[log.key[i]];
    const std::int64_t now = log.time[i].ms;
    while (!times.empty() && times.front() < now - width.back().width.ms) times.pop_front();
    for (std::size_t w = 0; w < width.size(); ++w)
      out[w * events + i] =
          static_cast<float>(times.end() - std::lower_bound(times.begin(), times.end(), now - width[w].width.ms));
    times.push_back(now);
  }
  return out;
}

void counts(benchmark::State& state) {
  const auto a = ours(all(), state.range(0)), b = by_hand(all(), state.range(0));
  if (a != b) return state.SkipWithError("the counts differ");
  bench::versus(
      state, events, [&] { benchmark::DoNotOptimize(ours(all(), state.range(0))); },
      [&] { benchmark::DoNotOptimize(by_hand(all(), state.range(0))); });
}
BENCH_VERSUS(counts)->Arg(1)->Arg(3);

// Card payments: a million in 30 days, of 100,000 cards at 20,000 merchants, one of which takes every tenth.
struct payment {
  std::uint64_t card, merchant, both, country;
  mlsd::timestamp time;
  double amount;
};
constexpr std::size_t live = 1'000'000, asked = 100'000;
constexpr std::int64_t spacing = 30LL * 86'400'000 / static_cast<std::int64_t>(live);

payment draw(mlsd::random_stream& random, std::size_t i) {
  const double u = random.uniform(), v = random.uniform();
  const auto card = mlsd::hash_mix(static_cast<std::uint64_t>(u * u * 100'000));
  const auto merchant = mlsd::hash_mix(random.uniform_int(10) == 0 ? 0 : static_cast<std::uint64_t>(v * v * 20'000));
  return {card,
          merchant,
          mlsd::combine(card, merchant),
          random.uniform_int(50) + 1,
          {static_cast<std::int64_t>(i) * spacing},
          std::floor(random.uniform() * 1e5) / 100};
}
const std::vector<mlsd::duration> widths{mlsd::minutes(1), mlsd::minutes(10), mlsd::hours(1),
                                         mlsd::days(1),    mlsd::days(7),     mlsd::days(30)};
constexpr std::size_t features = 3 * 18 + 4;

struct our_store {
  static mlsd::windows make(std::vector<std::vector<mlsd::window>> distinct, std::uint64_t keys) {
    const std::vector<mlsd::window> all(widths.begin(), widths.end());
    return mlsd::windows::make({.count = all,
                                .values = {{.unit = 0.01, .sum = all, .mean = all}},
                                .distinct = std::move(distinct),
                                .forget_idle_keys = true,
                                .reserve_keys = keys,
                                .reserve_events = live + live / 4})
        .value();
  }
  mlsd::windows card = make({{mlsd::days(1), mlsd::days(7)}, {mlsd::days(7)}}, 110'000);
  mlsd::windows merchant = make({{mlsd::days(1)}}, 21'000);
  mlsd::windows both = make({}, 1'300'000);

  void decide(const payment& p, float* out) {
    merchant.prefetch(p.merchant);
    card.prefetch(p.card);
    both.prefetch(p.both);
    merchant.prefetch_events(p.merchant);
    card.prefetch_events(p.card);
    both.prefetch_events(p.both);
    both.write(p.both, p.time, {out + card.width() + merchant.width(), both.width()});
    card.write(p.card, p.time, {out, card.width()});
    merchant.write(p.merchant, p.time, {out + card.width(), merchant.width()});
    card.add(p.card, p.time, p.amount, p.merchant, p.country);
    merchant.add(p.merchant, p.time, p.amount, p.card);
    both.add(p.both, p.time, p.amount);
  }
};

/// By hand, for times that do not run backwards and never repeat.
struct hand_store {
  struct entry {
    std::int64_t time, cents;
    std::uint64_t item[2];
  };
  struct stretch {
    std::size_t begin = 0;  // of all events of the key
    std::int64_t count = 0, cents = 0;
  };
  struct different {
    std::size_t begin = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> seen{};
  };
  struct key_past {
    std::deque<entry> log{};
    std::size_t dropped = 0;
    std::array<stretch, 6> window{};
    std::vector<different> items{};
  };
  struct asked_items {
    std::size_t item;
    std::int64_t width;
  };
  struct store {
    std::vector<asked_items> distinct;
    std::unordered_map<std::uint64_t, key_past> keys{};

    float* decide(std::uint64_t key, const entry& e, float* out) {
      key_past& k = keys[key];
      if (k.items.empty()) k.items.resize(distinct.size());
      for (std::size_t w = 0; w < widths.size(); ++w) {
        stretch& s = k.window[w];
        for (; s.begin < k.dropped + k.log.size() && k.log[s.begin - k.dropped].time < e.time - widths[w].ms; ++s.begin)
          --s.count, s.cents -= k.log[s.begin - k.dropped].cents;
        out[w] = static_cast<float>(s.count);
        out[6 + w] = static_cast<float>(static_cast<double>(s.cents) / 100);
        out[12 + w] = static_cast<float>(
            s.count == 0 ? std::nan("") : static_cast<double>(s.cents) / (static_cast<double>(s.count) * 100));
        ++s.count, s.cents += e.cents;
      }
      for (std::size_t d = 0; d < distinct.size(); ++d) {
        different& of = k.items[d];
        const auto [item, width] = distinct[d];
        for (; of.begin < k.dropped + k.log.size() && k.log[of.begin - k.dropped].time < e.time - width; ++of.begin) {
          const auto found = of.seen.find(k.log[of.begin - k.dropped].item[item]);
          if (--found->second == 0) of.seen.erase(found);
        }
        out[18 + d] = static_cast<float>(of.seen.size());
        ++of.seen[e.item[item]];
      }
      while (!k.log.empty() && k.log.front().time < e.time - widths.back().ms) k.log.pop_front(), ++k.dropped;
      k.log.push_back(e);
      return out + 18 + distinct.size();
    }
  };
  store card{{{0, mlsd::days(1).ms}, {0, mlsd::days(7).ms}, {1, mlsd::days(7).ms}}};
  store merchant{{{0, mlsd::days(1).ms}}};
  store both{{}};

  void decide(const payment& p, float* out) {
    const std::int64_t cents = std::llrint(p.amount * 100);
    out = card.decide(p.card, {p.time.ms, cents, {p.merchant, p.country}}, out);
    out = merchant.decide(p.merchant, {p.time.ms, cents, {p.card, 0}}, out);
    both.decide(p.both, {p.time.ms, cents, {}}, out);
  }
};

/// Nanoseconds of each decision by the clock, which itself takes about 25 of them.
struct latencies {
  std::vector<float> ns{};
  template <class F> void time(F&& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    ns.push_back(std::chrono::duration<float, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  [[nodiscard]] double quantile(double q) {
    std::sort(ns.begin(), ns.end());
    return static_cast<double>(ns[static_cast<std::size_t>(q * static_cast<double>(ns.size() - 1))]);
  }
};

void decisions(benchmark::State& state) {
  our_store ours;
  hand_store hand;
  mlsd::random_stream random(5);
  std::array<float, features> a{}, b{};
  std::size_t i = 0;
  for (; i < live + live / 10; ++i) {
    const payment p = draw(random, i);
    ours.decide(p, a.data());
    hand.decide(p, b.data());
  }
  latencies our_ns, hand_ns;
  std::vector<float> x(asked * features), y(asked * features);
  for (auto _ : state) {
    std::vector<payment> next(asked);
    for (payment& p : next) p = draw(random, i++);
    // In turns of a thousand, so that a busy machine slows both alike.
    double seconds = 0;
    for (std::size_t first = 0; first < asked; first += 1000) {
      const double start = bench::cpu_seconds();
      for (std::size_t j = first; j < first + 1000; ++j) our_ns.time([&] { ours.decide(next[j], &x[j * features]); });
      seconds += bench::cpu_seconds() - start;
      for (std::size_t j = first; j < first + 1000; ++j) hand_ns.time([&] { hand.decide(next[j], &y[j * features]); });
    }
    state.SetIterationTime(seconds);
    for (std::size_t j = 0; j < x.size(); ++j)
      if (!(x[j] == y[j] || (x[j] != x[j] && y[j] != y[j])))
        return state.SkipWithError(("feature " + std::to_string(j % features) + " differs").c_str());
  }
  state.counters["p50"] = our_ns.quantile(0.5);
  state.counters["p99"] = our_ns.quantile(0.99);
  state.counters["p99.9"] = our_ns.quantile(0.999);
  state.counters["peer_p50"] = hand_ns.quantile(0.5);
  state.counters["peer_p99"] = hand_ns.quantile(0.99);
  state.counters["peer_p99.9"] = hand_ns.quantile(0.999);
  state.counters["ratio"] = our_ns.quantile(0.5) / hand_ns.quantile(0.5);
}
BENCHMARK(decisions)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

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
