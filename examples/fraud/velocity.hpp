/// What is known of a charge when it must be decided: the charge itself, and what card, merchant and the two together
/// did over the last minute to the last 30 days.
#pragma once

#include "fraud/simulator.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/data/schema.hpp"
#include "mlsd/store/windows.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace fraud {

using namespace mlsd::literals;

/// The features of one charge: what the models see, and what the log keeps, byte by byte (there is no padding).
struct risk {
  mlsd::timestamp time{};
  std::uint32_t category = 0;
  float amount = 0, distance = 0, is_online = 0, is_round = 0;
  float over_card = 0;      ///< amount over the mean of the card's last 30 days; NaN for a new card
  float over_merchant = 0;  ///< amount over the merchant's mean
  float spree = 0;          ///< this and the last hour's amounts over that mean
  float card_frauds = 0;    ///< frauds of the card in 30 days that are known by now
  float merchant_frauds = 0;
  float surge = 0;  ///< charges of the merchant in 10 minutes over what 30 days promise
  /// Charges in 1 and 10 minutes, 1 hour, 1, 7 and 30 days; seconds since the last; sums of 1 hour and 1 day, mean of
  /// 30 days; different merchants and places of 1 day.
  std::array<float, 12> card{};
  /// Charges in 1 and 10 minutes, 1 hour, 1 and 30 days; means of 1 and 30 days; different cards of 1 hour.
  std::array<float, 8> merchant{};
  /// Of this card at this merchant: charges in 1 hour, 1 and 30 days; seconds since the last.
  std::array<float, 4> pair{};
  float label = 0;  ///< 1: fraud; 0 while nobody knows
};
static_assert(sizeof(risk) == 8 + 4 * (12 + 12 + 8 + 4), "no padding");

inline constexpr mlsd::schema risks{"time"_f = &risk::time,
                                    "category"_f = &risk::category,
                                    "amount"_f = &risk::amount,
                                    "distance"_f = &risk::distance,
                                    "is_online"_f = &risk::is_online,
                                    "is_round"_f = &risk::is_round,
                                    "over_card"_f = &risk::over_card,
                                    "over_merchant"_f = &risk::over_merchant,
                                    "spree"_f = &risk::spree,
                                    "card_frauds"_f = &risk::card_frauds,
                                    "merchant_frauds"_f = &risk::merchant_frauds,
                                    "surge"_f = &risk::surge,
                                    "card"_f = &risk::card,
                                    "merchant"_f = &risk::merchant,
                                    "pair"_f = &risk::pair,
                                    "fraud"_f = mlsd::label(&risk::label)};

/// The hashes under which a charge is counted.
struct charge_keys {
  std::uint64_t card, merchant, pair, place;

  [[nodiscard]] static charge_keys of(const charge& c) noexcept {
    const std::uint64_t card = mlsd::hash_key(c.card, 1), merchant = mlsd::hash_key(c.merchant, 2);
    return {card, merchant, mlsd::combine(card, merchant), mlsd::hash_key(c.place, 3)};
  }
};

/// What is in a charge itself, and what follows from it and the past that stands in the row already.
inline void complete(const charge& c, risk& r) noexcept {
  r.time = c.time;
  r.category = c.category;
  r.amount = c.amount;
  r.distance = c.distance;
  r.is_online = c.place == 0 ? 1.0f : 0.0f;
  r.is_round = std::floor(c.amount / 10) * 10 == c.amount ? 1.0f : 0.0f;
  r.over_card = c.amount / r.card[9];
  r.over_merchant = c.amount / r.merchant[6];
  r.spree = (c.amount + r.card[7]) / r.card[9];
  r.surge = r.merchant[1] / (r.merchant[4] / 4320 + 0.1f);
}

/// The windows of cards, merchants and pairs, and of known frauds; offline in columns and online one by one: one
/// definition, the same bits.
class velocity {
 public:
  /// `events`: how many are expected in all; room is made for those of the longest window at once.
  [[nodiscard]] static mlsd::result<velocity> make(std::size_t events, std::size_t cards, std::size_t merchants) {
    using mlsd::days, mlsd::hours, mlsd::minutes;
    velocity v;
    const std::vector<mlsd::window> a_day{days(1)};
    auto card = mlsd::windows::make({.count = {minutes(1), minutes(10), hours(1), days(1), days(7), days(30)},
                                     .since_last = true,
                                     .values = {{.sum = {hours(1), days(1)}, .mean = {days(30)}}},
                                     .distinct = {a_day, a_day},
                                     .forget_idle_keys = true,
                                     .reserve_keys = cards,
                                     .reserve_events = events});
    if (!card) return card.error();
    auto merchant = mlsd::windows::make({.count = {minutes(1), minutes(10), hours(1), days(1), days(30)},
                                         .values = {{.mean = {days(1), days(30)}}},
                                         .distinct = {{hours(1)}},
                                         .forget_idle_keys = true,
                                         .reserve_keys = merchants,
                                         .reserve_events = events});
    if (!merchant) return merchant.error();
    auto pair = mlsd::windows::make({.count = {hours(1), days(1), days(30)},
                                     .since_last = true,
                                     .forget_idle_keys = true,
                                     .reserve_keys = events,
                                     .reserve_events = events});
    if (!pair) return pair.error();
    auto frauds = mlsd::windows::make({.count = {days(30)},
                                       .forget_idle_keys = true,
                                       .reserve_keys = merchants + cards / 4,
                                       .reserve_events = events / 16});
    if (!frauds) return frauds.error();
    v.frauds_ = std::move(*frauds);
    v.card_ = std::move(*card);
    v.merchant_ = std::move(*merchant);
    v.pair_ = std::move(*pair);
    return v;
  }

  /// Online: the features of a charge, which is then counted. No allocation once there is room.
  [[nodiscard]] risk observe(const charge& c) {
    const charge_keys key = charge_keys::of(c);
    card_.prefetch(key.card);
    merchant_.prefetch(key.merchant);
    pair_.prefetch(key.pair);
    card_.prefetch_events(key.card);
    merchant_.prefetch_events(key.merchant);
    pair_.prefetch_events(key.pair);
    risk r;
    recall_frauds(key, c.time, r);
    card_.write(key.card, c.time, r.card);
    merchant_.write(key.merchant, c.time, r.merchant);
    pair_.write(key.pair, c.time, r.pair);
    complete(c, r);
    card_.add(key.card, c.time, c.amount, key.merchant, key.place);
    merchant_.add(key.merchant, c.time, c.amount, key.card);
    pair_.add(key.pair, c.time);
    return r;
  }

  /// A charge turns out to be fraud. What is heard at t counts for charges after t.
  void hear(const charge& fraud, mlsd::timestamp now) {
    const charge_keys key = charge_keys::of(fraud);
    frauds_.add(key.card, now);
    frauds_.add(key.merchant, now);
  }

  /// Offline: the features of many charges, in columns. `out` has one place a charge. `hear_until(i)` hears of the
  /// frauds that were known before charge i.
  template <class HearUntil>
  [[nodiscard]] mlsd::result<void> replay(std::span<const charge> charges, std::span<risk> out, HearUntil hear_until) {
    const std::size_t n = charges.size();
    std::vector<std::uint64_t> card(n), merchant(n), pair(n), card_items(2 * n), merchant_items(n);
    std::vector<mlsd::timestamp> time(n);
    std::vector<double> amount(n);
    for (std::size_t i = 0; i < n; ++i) {
      const charge_keys key = charge_keys::of(charges[i]);
      card[i] = merchant_items[i] = key.card;
      merchant[i] = card_items[i] = key.merchant;
      card_items[n + i] = key.place;
      pair[i] = key.pair;
      time[i] = charges[i].time;
      amount[i] = static_cast<double>(charges[i].amount);
    }
    const auto columns = [&](mlsd::windows& w, const mlsd::event_columns& log, auto block) -> mlsd::result<void> {
      std::vector<float> values(w.width() * n);
      if (auto ok = w.replay(log, values); !ok) return ok;
      for (std::size_t j = 0; j < w.width(); ++j)
        for (std::size_t i = 0; i < n; ++i) (out[i].*block)[j] = values[j * n + i];
      return {};
    };
    if (auto ok = columns(card_, {card, time, amount, card_items}, &risk::card); !ok) return ok;
    if (auto ok = columns(merchant_, {merchant, time, amount, merchant_items}, &risk::merchant); !ok) return ok;
    if (auto ok = columns(pair_, {pair, time, {}, {}}, &risk::pair); !ok) return ok;
    for (std::size_t i = 0; i < n; ++i) {
      hear_until(i);
      recall_frauds(charge_keys::of(charges[i]), charges[i].time, out[i]);
      complete(charges[i], out[i]);
    }
    return {};
  }

  /// Charges that count in the busiest merchant's longest window.
  [[nodiscard]] std::uint64_t in_window(std::uint32_t merchant, mlsd::timestamp now) const noexcept {
    return merchant_.past(mlsd::hash_key(merchant, 2), now).count(mlsd::days(30));
  }

 private:
  velocity() = default;
  void recall_frauds(const charge_keys& key, mlsd::timestamp now, risk& r) const noexcept {
    frauds_.write(key.card, now, std::span(&r.card_frauds, 1));
    frauds_.write(key.merchant, now, std::span(&r.merchant_frauds, 1));
  }

  mlsd::windows card_{}, merchant_{}, pair_{}, frauds_{};
};

}  // namespace fraud
