/// A stream of card charges in which every fraud is known, so that a gate can be held against the truth.
///
/// Cards have a home, a usual amount, a few favourite merchants and now and then a journey; merchants have a place, a
/// category and a price level, and one of them, online, takes a fifth of all charges. Three kinds of fraud: a stolen
/// card is emptied in a burst; bots test stolen numbers with small charges at one merchant; a ring of small merchants
/// charges cards that never were there. At a known moment all three change their ways. Card holders notice days later.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/time.hpp"

namespace fraud {

enum class fraud_kind : std::uint8_t { none, stolen, testing, ring };

/// One charge. `place` 0 is the internet. What follows `distance` is the truth, never a feature.
struct charge {
  mlsd::timestamp time{};
  std::uint32_t card = 0, merchant = 0, place = 0, category = 0;
  float amount = 0;    // euros
  float distance = 0;  // kilometres from the card's home; 0 online
  fraud_kind kind = fraud_kind::none;
  /// When the card holder disputes a fraud that went through; the end of time where nobody ever notices.
  mlsd::timestamp disputed{(std::numeric_limits<std::int64_t>::max)()};

  [[nodiscard]] bool is_fraud() const noexcept { return kind != fraud_kind::none; }
};

inline constexpr std::array<std::string_view, 8> categories{"grocery",     "fuel",       "restaurant", "clothing",
                                                            "electronics", "gift cards", "digital",    "wallets"};

namespace detail {

inline constexpr double minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
inline constexpr std::uint32_t electronics = 4, gift_cards = 5, digital = 6, wallets = 7;
inline constexpr std::array<double, 8> category_share{30, 12, 22, 12, 8, 3, 9, 4};
/// Logarithm of the usual price against the card's usual amount.
inline constexpr std::array<double, 8> category_price{0, .3, -.2, .5, 1.1, .4, -1.6, .3};
inline constexpr std::array<double, 24> charges_by_hour{1,  1,  1,  1,  1,  1,  2,  5,  8,  9, 10, 11,
                                                        13, 12, 10, 10, 11, 13, 14, 13, 10, 7, 4,  2};

/// Draws i with a probability in proportion to its weight. O(log n).
class weighted {
 public:
  weighted() = default;
  template <class Weights> explicit weighted(const Weights& weights) {
    double total = 0;
    for (const double w : weights) up_to_.push_back(total += w);
  }
  [[nodiscard]] std::uint32_t operator()(mlsd::random_stream& random) const noexcept {
    const auto at = std::upper_bound(up_to_.begin(), up_to_.end() - 1, random.uniform() * up_to_.back());
    return static_cast<std::uint32_t>(at - up_to_.begin());
  }

 private:
  std::vector<double> up_to_{};
};

struct card {
  std::uint32_t home = 1, away = 1;
  double log_amount = 3.3;
  std::array<std::uint32_t, 6> favourites{};
  double journey_from = 0, journey_to = 0;  // milliseconds since the start
};
struct merchant {
  std::uint32_t place = 0, category = 0;
  double log_price = 0;
};
struct spot {
  double x = 0, y = 0;  // kilometres
};

}  // namespace detail

/// Settings of a stream. The same settings give the same stream.
struct fraud_simulator {
  std::uint64_t seed = 7;
  std::size_t events = 1'000'000;
  double days = 60;
  double fraud_share = 0.006;
  /// The share of the time after which frauds follow the other pattern; at 1 they never do.
  double change_at = 0.6;
  /// Monday, 2024-01-01 00:00 UTC.
  mlsd::timestamp start{1'704'067'200'000};

  [[nodiscard]] std::uint32_t cards() const noexcept { return static_cast<std::uint32_t>(events / 20 + 50); }
  [[nodiscard]] std::uint32_t merchants() const noexcept { return static_cast<std::uint32_t>(events / 200 + 60); }
  [[nodiscard]] mlsd::timestamp change_time() const noexcept {
    return {start.ms + static_cast<std::int64_t>(change_at * days * detail::day_ms)};
  }
  /// All charges in the order of time, `events` of them. O(events log events), about a second a million.
  [[nodiscard]] std::vector<charge> simulate() const;
};

namespace detail {

/// Everybody and everything, and the charges so far.
class world {
 public:
  explicit world(const fraud_simulator& s) : settings_(s), length_(s.days * day_ms), random_(s.seed) {
    charges_.reserve(s.events + 256);
    make_places();
    make_merchants();
    make_cards();
  }

  [[nodiscard]] std::vector<charge> run() {
    const auto frauds = static_cast<std::size_t>(static_cast<double>(settings_.events) * settings_.fraud_share);
    while (charges_.size() < frauds) commit_fraud();
    charges_.resize((std::min)(charges_.size(), frauds));
    while (charges_.size() < settings_.events) buy();
    charges_.resize(settings_.events);
    std::stable_sort(charges_.begin(), charges_.end(),
                     [](const charge& a, const charge& b) { return a.time < b.time; });
    return std::move(charges_);
  }

 private:
  static constexpr std::uint32_t places = 60;

  /// Straight from one end of the country to the other it is 900 km.
  void make_places() {
    for (std::uint32_t i = 0; i <= places; ++i) spots_.push_back({random_.uniform() * 640, random_.uniform() * 640});
  }
  void make_merchants() {
    const weighted category(category_share);
    std::vector<double> popularity;
    for (std::uint32_t i = 0; i < settings_.merchants(); ++i) {
      merchant m;
      m.category = i == 0 ? electronics - 1 : category(random_);
      const bool is_online = i == 0 || m.category >= digital || random_.bernoulli(0.1);
      m.place = is_online ? 0 : below(places) + 1;
      m.log_price = category_price[m.category] + 0.35 * random_.normal();
      merchants_.push_back(m);
      by_category_[m.category].push_back(i);
      by_place_[m.place].push_back(i);
      popularity.push_back(i == 0 ? 0 : 1 / (3 + random_.uniform() * settings_.merchants()));
    }
    popular_ = weighted(popularity);
  }
  void make_cards() {
    std::vector<double> activity;
    for (std::uint32_t i = 0; i < settings_.cards(); ++i) {
      card c;
      c.home = below(places) + 1;
      c.log_amount = random_.normal(3.3, 0.5);
      for (std::uint32_t& f : c.favourites)
        f = random_.bernoulli(0.75) && !by_place_[c.home].empty() ? any_of(by_place_[c.home]) : popular_(random_);
      c.away = below(places) + 1;
      if (random_.bernoulli(0.25)) {
        c.journey_from = random_.uniform() * length_;
        c.journey_to = c.journey_from + (2 + 8 * random_.uniform()) * day_ms;
      }
      cards_.push_back(c);
      activity.push_back(mlsd::math::exp(0.7 * random_.normal()));
    }
    active_ = weighted(activity);
  }

  // -- honest charges -------------------------------------------------------------------------------------------------

  void buy() {
    const std::uint32_t who = active_(random_);
    double at = time_of_day();
    std::uint32_t where = merchant_for(who, at);
    std::uint64_t more = random_.bernoulli(0.03) ? 1 + random_.uniform_int(4) : 0;  // a day in town
    for (;;) {
      add(who, where, at, honest_amount(who, where), fraud_kind::none);
      if (more-- == 0) return;
      at += random_.exponential() * 20 * minute_ms;
      if (random_.bernoulli(0.7)) where = merchant_for(who, at);
    }
  }
  [[nodiscard]] std::uint32_t merchant_for(std::uint32_t who, double at) {
    const card& c = cards_[who];
    const double which = random_.uniform();
    if (which < 0.205) return 0;
    const bool is_away = at >= c.journey_from && at < c.journey_to;
    if (is_away && which < 0.9 && !by_place_[c.away].empty()) return any_of(by_place_[c.away]);
    return which < 0.7 ? c.favourites[random_.uniform_int(c.favourites.size())] : popular_(random_);
  }
  [[nodiscard]] double honest_amount(std::uint32_t who, std::uint32_t where) {
    if (merchants_[where].category == wallets && random_.bernoulli(0.5)) return 10.0 * (1.0 + below(20));
    const double spree = random_.bernoulli(0.01) ? 1.8 : 0.0;
    return mlsd::math::exp(cards_[who].log_amount + merchants_[where].log_price + spree + 0.5 * random_.normal());
  }

  // -- fraud ----------------------------------------------------------------------------------------------------------

  void commit_fraud() {
    const double at = random_.uniform() * length_, kind = random_.uniform();
    const bool is_new = at >= settings_.change_at * length_;
    if (kind < 0.82)
      steal(below(settings_.cards()), at, is_new);
    else if (kind < 0.92)
      test_numbers(at, is_new);
    else
      run_ring(at, is_new);
  }
  /// Before: dear goods far away, within an hour or two. After: wallets are topped up with round sums, over days.
  void steal(std::uint32_t who, double at, bool is_new) {
    const std::uint64_t n = is_new ? 3 + random_.uniform_int(5) : 4 + random_.uniform_int(7);
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto& shops = by_category_[is_new ? wallets : random_.bernoulli(0.6) ? electronics : gift_cards];
      const std::uint32_t where = shops.empty() || random_.bernoulli(0.2) ? popular_(random_) : any_of(shops);
      const double amount = is_new ? 50.0 * (1.0 + below(5)) : mlsd::math::exp(random_.normal(5.2, 0.7));
      add(who, where, at, amount, fraud_kind::stolen);
      at += random_.exponential() * (is_new ? 4 * hour_ms : 12 * minute_ms);
    }
  }
  /// Before: a coffee's price, every few seconds. After: a book's price, every minute. Some numbers are then used.
  void test_numbers(double at, bool is_new) {
    const std::uint32_t where = any_of(by_place_[0]);
    const std::uint64_t n = 20 + random_.uniform_int(30);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint32_t who = below(settings_.cards());
      add(who, where, at, is_new ? 8 + 6 * random_.uniform() : 0.5 + 1.5 * random_.uniform(), fraud_kind::testing);
      if (random_.bernoulli(0.06)) steal(who, at + (1 + random_.uniform() * 20) * hour_ms, is_new);
      at += random_.exponential() * (is_new ? 60'000 : 6'000);
    }
  }
  /// Before: a hundred euros at night, at merchants of the street. After: subscriptions by day, on the internet.
  void run_ring(double at, bool is_new) {
    std::array<std::uint32_t, 4> members;
    for (std::uint32_t& m : members) m = is_new ? any_of(by_place_[0]) : 1 + below(settings_.merchants() - 1);
    const std::uint64_t n = 30 + random_.uniform_int(40);
    for (std::uint64_t i = 0; i < n; ++i) {
      const double day = std::floor((at + random_.uniform() * 5 * day_ms) / day_ms) * day_ms;
      const double hour = is_new ? 9 + 9 * random_.uniform() : 1 + 4 * random_.uniform();
      const double amount = is_new ? 29.99 : 90 + 60 * random_.uniform();
      const std::uint32_t who = below(settings_.cards());
      add(who, members[random_.uniform_int(members.size())], day + hour * hour_ms, amount, fraud_kind::ring);
    }
  }

  // -- both -----------------------------------------------------------------------------------------------------------

  /// What would happen after the end does not happen.
  void add(std::uint32_t who, std::uint32_t where, double at, double amount, fraud_kind kind) {
    if (!(at >= 0 && at < length_)) return;
    const merchant& m = merchants_[where];
    charge c;
    c.time.ms = settings_.start.ms + static_cast<std::int64_t>(at);
    c.card = who;
    c.merchant = where;
    c.place = m.place;
    c.category = m.category;
    c.amount = static_cast<float>(std::floor((std::max)(amount, 0.3) * 100) / 100);
    if (m.place != 0) c.distance = static_cast<float>(kilometres(m.place, cards_[who].home));
    c.kind = kind;
    const double unseen = kind == fraud_kind::testing ? 0.3 : 0.03;
    if (kind != fraud_kind::none && !random_.bernoulli(unseen)) {
      const double wait = (std::min)(1 + 3 * random_.exponential(), 20.0);
      c.disputed.ms = c.time.ms + static_cast<std::int64_t>(wait * day_ms);
    }
    charges_.push_back(c);
  }
  [[nodiscard]] double kilometres(std::uint32_t a, std::uint32_t b) const noexcept {
    const double x = spots_[a].x - spots_[b].x, y = spots_[a].y - spots_[b].y;
    return std::sqrt(x * x + y * y);
  }
  [[nodiscard]] double time_of_day() {
    const double day = std::floor(random_.uniform() * settings_.days);
    return (day + (hour_(random_) + random_.uniform()) / 24) * day_ms;
  }
  [[nodiscard]] std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_.uniform_int(n)); }
  [[nodiscard]] std::uint32_t any_of(const std::vector<std::uint32_t>& list) {
    return list[random_.uniform_int(list.size())];
  }

  const fraud_simulator& settings_;
  double length_;
  mlsd::random_stream random_;
  std::vector<spot> spots_{};
  std::vector<merchant> merchants_{};
  std::vector<card> cards_{};
  std::array<std::vector<std::uint32_t>, categories.size()> by_category_{};
  std::array<std::vector<std::uint32_t>, places + 1> by_place_{};
  weighted popular_{}, active_{}, hour_{charges_by_hour};
  std::vector<charge> charges_{};
};

}  // namespace detail

[[nodiscard]] inline std::vector<charge> fraud_simulator::simulate() const {
  assert(days >= 1 && fraud_share >= 0 && fraud_share < 0.5);
  return detail::world(*this).run();
}

}  // namespace fraud
