/// A stream of ad impressions whose true click probability is known, so that a model can be held against the truth.
///
/// Users differ in activity (Zipf), interests, age and country; ads in topic, quality, bid and price; sites in quality
/// and audience. Clicks also depend on the hour, the weekday, the position on the page and on how often this user has
/// seen this ad. At a known moment the world drifts: new ads arrive, prices rise, the busiest site gets worse.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/time.hpp"

namespace ad_click {

/// One ad shown once. NaN is a number that the log lacks; texts point to constants. `position` counts from 1, the top.
struct ad_impression {
  mlsd::timestamp time{};
  std::uint32_t user = 0, ad = 0, campaign = 0, site = 0, position = 1;
  std::string_view country{}, device{}, ad_category{}, site_category{};
  float age = std::numeric_limits<float>::quiet_NaN();    // years
  float bid = std::numeric_limits<float>::quiet_NaN();    // dollars a thousand impressions
  float price = std::numeric_limits<float>::quiet_NaN();  // dollars, of what is advertised
  bool clicked = false;
  double true_probability = 0;  // never a feature: it is what the features try to tell
};

namespace detail {

inline constexpr std::array<std::string_view, 10> countries{"US", "IN", "BR", "DE", "JP", "GB", "FR", "MX", "PL", "SE"};
inline constexpr std::array<std::string_view, 3> devices{"phone", "desktop", "tablet"};
inline constexpr std::array<std::string_view, 12> ad_categories{"games", "fashion", "travel", "finance",
                                                                "food",  "cars",    "health", "software",
                                                                "books", "music",   "home",   "education"};
inline constexpr std::array<std::string_view, 10> site_categories{"news",    "video", "forum", "sport",  "weather",
                                                                  "recipes", "tech",  "maps",  "social", "shopping"};

/// Visits by hour of the day (UTC) and by weekday from Monday, and what the hour and the day do to the log-odds.
inline constexpr std::array<double, 24> visits_by_hour{3,  2,  1, 1, 1,  2,  4,  6,  8,  9,  10, 10,
                                                       11, 10, 9, 9, 10, 11, 13, 15, 16, 14, 10, 6};
inline constexpr std::array<double, 7> visits_by_weekday{10, 10, 10, 10, 11, 13, 14};
inline constexpr std::array<double, 24> hour_effect{.20,  .15,  .05,  -.05, -.10, -.15, -.20, -.20,
                                                    -.15, -.12, -.10, -.02, .08,  .02,  -.08, -.10,
                                                    -.08, 0,    .08,  .15,  .22,  .28,  .28,  .25};
inline constexpr std::array<double, 7> weekday_effect{-.06, -.06, -.04, -.02, .02, .10, .12};
inline constexpr std::array<double, 6> position_effect{0, -.40, -.70, -.95, -1.15, -1.30};
inline constexpr std::array<double, 6> position_share{30, 22, 17, 13, 10, 8};
inline constexpr std::array<double, 3> device_effect{.05, -.12, .10};
inline constexpr std::array<double, 3> device_share{62, 30, 8};
inline constexpr std::size_t interests = 4;
inline constexpr double hour_ms = 3'600'000;

/// What a random number is for. Each purpose has its own numbers: a change to one leaves the others as they are.
enum class purpose : std::uint64_t {
  user_rank,
  user_interest,
  user_taste,
  user_country,
  user_age,
  user_age_known,
  user_device,
  user_home,
  topic,
  ad_category,
  ad_interest,
  ad_quality,
  ad_bid,
  ad_price,
  ad_price_known,
  ad_rank,
  site_rank,
  site_category,
  site_quality,
  match,
  age_slope,
  country_effect,
  arrival,
  visitor,
  visit_home,
  visited_site,
  repeat,
  new_ad,
  ad_choice,
  position,
  device_choice,
  bid,
  bid_known,
  price,
  click
};

/// Random numbers by purpose and place, in any order.
struct dice {
  std::uint64_t seed;

  [[nodiscard]] std::uint64_t word(purpose p, std::uint64_t i) const noexcept {
    return mlsd::random_stream(seed, static_cast<std::uint64_t>(p)).at(i);
  }
  /// In [0, 1).
  [[nodiscard]] double uniform(purpose p, std::uint64_t i) const noexcept {
    return mlsd::random_stream::to_uniform(word(p, i));
  }
  [[nodiscard]] double normal(purpose p, std::uint64_t i) const noexcept {
    return mlsd::math::normal_quantile(mlsd::random_stream::to_open_uniform(word(p, i)));
  }
  [[nodiscard]] std::uint32_t below(std::uint32_t n, purpose p, std::uint64_t i) const noexcept {
    return static_cast<std::uint32_t>(uniform(p, i) * n);
  }
};

/// Draws i with a probability in proportion to its weight. O(log n).
class weighted {
 public:
  weighted() = default;
  template <class Weights> explicit weighted(const Weights& weights) {
    double total = 0;
    for (const double w : weights) up_to_.push_back(total += w);
  }
  [[nodiscard]] std::uint32_t operator()(double uniform) const noexcept {
    const auto at = std::upper_bound(up_to_.begin(), up_to_.end() - 1, uniform * up_to_.back());
    return static_cast<std::uint32_t>(at - up_to_.begin());
  }

 private:
  std::vector<double> up_to_{};
};

/// Zipf weights (rank + 1)^-exponent, ranks dealt at random.
[[nodiscard]] inline std::vector<double> zipf(std::uint32_t n, double exponent, const dice& roll, purpose p) {
  std::vector<double> weights(n);
  for (std::uint32_t rank = 0; rank < n; ++rank)
    weights[rank] = mlsd::math::exp(-exponent * mlsd::math::log(rank + 1.0));
  mlsd::random_stream(roll.seed, static_cast<std::uint64_t>(p)).shuffle(weights);
  return weights;
}

struct user {
  std::array<double, interests> interest{};
  double taste = 0;  // how readily this user clicks at all
  double age = 0;
  bool age_known = true;
  std::uint32_t country = 0, device = 0, home = 0;
};

struct ad {
  std::array<double, interests> interest{};
  double quality = 0, log_bid = 0, log_price = 0;
  bool price_known = true;
  std::uint32_t category = 0;
};

struct site {
  double quality = 0;
  std::uint32_t category = 0;
};

}  // namespace detail

/// Settings of a stream; at least one user, ad and site. The same settings give the same bits on every machine.
struct ad_simulator {
  std::uint64_t seed = 7;
  std::size_t rows = 500'000;
  std::uint32_t users = 20'000, ads = 600, sites = 100;
  double days = 14;
  /// The drift comes at this share of the time; at 1 there is none.
  double drift_at = 0.8;
  /// Monday, 2024-01-01 00:00 UTC.
  mlsd::timestamp start{1'704'067'200'000};

  /// From this moment on new ads are shown, prices are higher and the busiest site is worse.
  [[nodiscard]] mlsd::timestamp drift_time() const noexcept {
    return {start.ms + static_cast<std::int64_t>(drift_at * days * 24 * detail::hour_ms)};
  }
  /// Ads with this id or a higher one are shown only after `drift_time()`.
  [[nodiscard]] std::uint32_t first_new_ad() const noexcept { return ads - ads / 6; }

  /// All impressions, each later than the one before. O(rows log users), about a second for a million.
  [[nodiscard]] std::vector<ad_impression> simulate() const;
};

namespace detail {

/// Everybody and everything, as drawn before the first impression.
struct world {
  std::vector<user> users{};
  std::vector<ad> ads{};
  std::vector<site> sites{};
  std::array<std::array<double, site_categories.size()>, ad_categories.size()> match{};
  std::array<double, ad_categories.size()> age_slope{};
  std::array<double, countries.size()> country_effect{};
  weighted visitor{}, old_ad{}, new_ad{}, visited{}, position{position_share};
  std::uint32_t busiest_site = 0;
};

[[nodiscard]] MLSD_UNCONTRACTED inline world make_world(const ad_simulator& s) {
  MLSD_CONTRACT_OFF
  const dice roll{s.seed};
  world w;
  const weighted country(std::array<double, 10>{28, 18, 12, 9, 8, 7, 6, 5, 4, 3}), device(device_share);
  w.visitor = weighted(zipf(s.users, 0.7, roll, purpose::user_rank));
  const std::vector<double> visits = zipf(s.sites, 0.8, roll, purpose::site_rank);
  w.visited = weighted(visits);
  w.busiest_site = static_cast<std::uint32_t>(std::max_element(visits.begin(), visits.end()) - visits.begin());
  for (std::uint32_t i = 0; i < s.users; ++i) {
    user u;
    for (std::size_t k = 0; k < interests; ++k) u.interest[k] = roll.normal(purpose::user_interest, i * interests + k);
    u.taste = 0.35 * roll.normal(purpose::user_taste, i);
    u.age = (std::clamp)(38 + 14 * roll.normal(purpose::user_age, i), 16.0, 90.0);
    u.age_known = roll.uniform(purpose::user_age_known, i) >= 0.12;
    u.country = country(roll.uniform(purpose::user_country, i));
    u.device = device(roll.uniform(purpose::user_device, i));
    u.home = w.visited(roll.uniform(purpose::user_home, i));
    w.users.push_back(u);
  }
  for (std::uint32_t i = 0; i < s.ads; ++i) {
    ad a;
    a.category = roll.below(ad_categories.size(), purpose::ad_category, i);
    for (std::size_t k = 0; k < interests; ++k)
      a.interest[k] = 0.8 * roll.normal(purpose::topic, a.category * interests + k) +
                      0.6 * roll.normal(purpose::ad_interest, i * interests + k);
    a.quality = 0.5 * roll.normal(purpose::ad_quality, i);
    a.log_bid = 0.7 + 0.4 * a.quality + 0.4 * roll.normal(purpose::ad_bid, i);
    a.log_price = 3.2 + 0.9 * roll.normal(purpose::ad_price, i);
    a.price_known = roll.uniform(purpose::ad_price_known, i) >= 0.08;
    w.ads.push_back(a);
  }
  std::vector<double> shown = zipf(s.ads, 0.6, roll, purpose::ad_rank);
  const auto first_new = shown.begin() + s.first_new_ad();
  w.old_ad = weighted(std::vector<double>(shown.begin(), first_new));
  w.new_ad = weighted(std::vector<double>(first_new, shown.end()));
  for (std::uint32_t i = 0; i < s.sites; ++i)
    w.sites.push_back(
        {0.4 * roll.normal(purpose::site_quality, i), roll.below(site_categories.size(), purpose::site_category, i)});
  for (std::size_t a = 0; a < ad_categories.size(); ++a) {
    w.age_slope[a] = 0.3 * roll.normal(purpose::age_slope, a);
    for (std::size_t b = 0; b < site_categories.size(); ++b)
      w.match[a][b] = 0.35 * roll.normal(purpose::match, a * site_categories.size() + b);
  }
  for (std::size_t i = 0; i < countries.size(); ++i)
    w.country_effect[i] = 0.15 * roll.normal(purpose::country_effect, i);
  return w;
}

/// Cumulative visits up to the start of each hour of the stream.
[[nodiscard]] MLSD_UNCONTRACTED inline std::vector<double> visits_by_stream_hour(double days) {
  MLSD_CONTRACT_OFF
  const auto hours = static_cast<std::size_t>(std::ceil(days * 24));
  std::vector<double> up_to{0};
  for (std::size_t h = 0; h < hours; ++h) {
    const double share = (std::min)(1.0, days * 24 - static_cast<double>(h));
    up_to.push_back(up_to.back() + share * visits_by_hour[h % 24] * visits_by_weekday[h / 24 % 7]);
  }
  return up_to;
}

}  // namespace detail

[[nodiscard]] MLSD_UNCONTRACTED inline std::vector<ad_impression> ad_simulator::simulate() const {
  MLSD_CONTRACT_OFF
  using namespace detail;
  assert(users > 0 && ads > 0 && sites > 0 && days > 0);
  const dice roll{seed};
  const world w = make_world(*this);
  const std::vector<double> visits = visits_by_stream_hour(days);
  std::vector<std::uint32_t> last_ad(users, ads);
  std::unordered_map<std::uint64_t, std::uint32_t> exposures;
  exposures.reserve(rows);
  std::vector<ad_impression> out;
  out.reserve(rows);

  std::size_t hour = 0;
  std::int64_t before = start.ms - 1;
  for (std::uint64_t i = 0; i < rows; ++i) {
    // Arrivals: one in each of `rows` equal shares of all visits, so that they come out in order.
    const double visit =
        (static_cast<double>(i) + roll.uniform(purpose::arrival, i)) / static_cast<double>(rows) * visits.back();
    while (hour + 2 < visits.size() && visits[hour + 1] <= visit) ++hour;
    const double in_hour = (visit - visits[hour]) / (visits[hour + 1] - visits[hour]);
    const double length = (std::min)(1.0, days * 24 - static_cast<double>(hour));
    const double since_start = (static_cast<double>(hour) + length * (std::min)(in_hour, 1.0)) * hour_ms;
    before = (std::max)(before + 1, start.ms + static_cast<std::int64_t>(since_start));
    const bool drifted = before >= drift_time().ms;

    ad_impression row;
    row.time.ms = before;
    row.user = w.visitor(roll.uniform(purpose::visitor, i));
    const user& u = w.users[row.user];
    row.site = roll.uniform(purpose::visit_home, i) < 0.4 ? u.home : w.visited(roll.uniform(purpose::visited_site, i));
    const bool repeated = last_ad[row.user] < ads && roll.uniform(purpose::repeat, i) < 0.3;
    const bool is_new = drifted && first_new_ad() < ads && roll.uniform(purpose::new_ad, i) < 0.3;
    const double choice = roll.uniform(purpose::ad_choice, i);
    row.ad = repeated ? last_ad[row.user] : is_new ? first_new_ad() + w.new_ad(choice) : w.old_ad(choice);
    last_ad[row.user] = row.ad;
    const ad& a = w.ads[row.ad];
    row.campaign = row.ad / 4;
    row.position = 1 + w.position(roll.uniform(purpose::position, i));
    const double other_device = roll.uniform(purpose::device_choice, i);
    const std::uint32_t device = other_device < 0.15 ? static_cast<std::uint32_t>(other_device * 20) : u.device;
    const std::uint32_t seen = exposures[std::uint64_t{row.user} * ads + row.ad]++;
    const double log_price = a.log_price + 0.15 * roll.normal(purpose::price, i) + (drifted ? 0.6 : 0.0);
    const double log_bid = a.log_bid + 0.3 * roll.normal(purpose::bid, i);

    double affinity = 0;
    for (std::size_t k = 0; k < interests; ++k) affinity += u.interest[k] * a.interest[k];
    double log_odds = -3.35 + u.taste + a.quality + 0.2 * affinity;
    log_odds += w.sites[row.site].quality - (drifted && row.site == w.busiest_site ? 1.0 : 0.0);
    log_odds += w.match[a.category][w.sites[row.site].category];
    log_odds += w.age_slope[a.category] * (u.age - 38) / 14 + w.country_effect[u.country] + device_effect[device];
    log_odds += hour_effect[hour % 24] + weekday_effect[hour / 24 % 7] + position_effect[row.position - 1];
    log_odds -= 0.15 * (log_price - 3.2) + 0.35 * mlsd::math::log(1.0 + seen);

    row.country = countries[u.country];
    row.device = devices[device];
    row.ad_category = ad_categories[a.category];
    row.site_category = site_categories[w.sites[row.site].category];
    if (u.age_known) row.age = static_cast<float>(std::floor(u.age));
    if (roll.uniform(purpose::bid_known, i) >= 0.05) row.bid = static_cast<float>(mlsd::math::exp(log_bid));
    if (a.price_known) row.price = static_cast<float>(mlsd::math::exp(log_price));
    row.true_probability = mlsd::math::sigmoid(log_odds);
    row.clicked = roll.uniform(purpose::click, i) < row.true_probability;
    out.push_back(row);
  }
  return out;
}

}  // namespace ad_click
