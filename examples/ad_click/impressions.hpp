/// A simulated stream of ad impressions: the true probability of every click is known.
#pragma once

#include "ad_click/simulator.hpp"
#include "mlsd/data/split.hpp"
#include "mlsd/features.hpp"
#include "mlsd/store/materialize.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace simulated {

using namespace mlsd::literals;

/// Impressions of the same key in the last hour, the last day and ever, and the seconds since the last.
using past = std::array<float, 4>;

struct impression {
  mlsd::timestamp time;
  std::uint32_t user, ad, campaign, site, position;
  std::string_view country, device, ad_category, site_category;
  float age, bid, price;
  past user_past, user_ad_past, ad_past;
  bool clicked;
};

inline constexpr mlsd::schema impressions{"time"_f = &impression::time,
                                          "user"_f = &impression::user,
                                          "ad"_f = &impression::ad,
                                          "campaign"_f = &impression::campaign,
                                          "site"_f = &impression::site,
                                          "position"_f = &impression::position,
                                          "country"_f = &impression::country,
                                          "device"_f = &impression::device,
                                          "ad_category"_f = &impression::ad_category,
                                          "site_category"_f = &impression::site_category,
                                          "age"_f = &impression::age,
                                          "bid"_f = &impression::bid,
                                          "price"_f = &impression::price,
                                          "user_past"_f = mlsd::computed(&impression::user_past),
                                          "user_ad_past"_f = mlsd::computed(&impression::user_ad_past),
                                          "ad_past"_f = mlsd::computed(&impression::ad_past),
                                          "clicked"_f = mlsd::label(&impression::clicked)};

struct dataset {
  using table = mlsd::frame<impressions>;
  static constexpr const char* name = "simulated";
  static constexpr double keep_negatives = 0.25;

  [[nodiscard]] static mlsd::result<table> read(const std::vector<ad_click::ad_impression>& stream) {
    table t;
    t.reserve(stream.size());
    for (const ad_click::ad_impression& i : stream)
      t.push_back({i.time, i.user, i.ad, i.campaign, i.site, i.position, i.country, i.device, i.ad_category,
                   i.site_category, i.age, i.bid, i.price, {}, {}, {}, i.clicked});
    return t;
  }

  [[nodiscard]] static mlsd::result<void> prepare(table& log) {
    const auto count = [&](auto out, auto... key) {
      auto counts =
          mlsd::windows::make({.count = {mlsd::hours(1), mlsd::days(1)}, .all_time = true, .since_last = true}).value();
      return mlsd::materialize(counts, log, out, "time"_f, key...);
    };
    if (auto ok = count("user_past"_f, "user"_f); !ok) return ok;
    if (auto ok = count("user_ad_past"_f, "user"_f, "ad"_f); !ok) return ok;
    return count("ad_past"_f, "ad"_f);
  }

  [[nodiscard]] static auto split(const table& log) {
    return mlsd::split_by_time(log, "time"_f, {0.65, 0.15, 0.20}, {.gap = mlsd::minutes(10)});
  }

  [[nodiscard]] static auto tree_features(std::uint64_t seed) {
    using namespace mlsd;
    const auto rate = [seed](double smoothing) { return target_encode{.smoothing = smoothing, .seed = seed}; };
    return from<impressions>()
         | on("age"_f, "bid"_f, "price"_f, "position"_f)(as_number{})
         | cross<20>("category_pair"_f, "ad_category"_f, "site_category"_f)
         | cross<20>("taste"_f, "user"_f, "ad_category"_f)
         | on("user"_f, "ad"_f, "site"_f, "category_pair"_f, "taste"_f)(rate(50)).as("user_rate"_f, "ad_rate"_f, "site_rate"_f, "category_pair_rate"_f, "taste_rate"_f)
         | drop("category_pair"_f, "taste"_f)
         | on("user_past"_f, "user_ad_past"_f, "ad_past"_f)(as_number{})
         | on("country"_f, "device"_f, "ad_category"_f, "site_category"_f)(ordinal{})
         | on("time"_f)(hour_of_day{}).as("hour"_f);
  }

  [[nodiscard]] static auto linear_features(std::uint64_t) {
    using namespace mlsd;
    return from<impressions>()
         | on("age"_f)(impute{impute::median} >> standardize{})
         | on("bid"_f, "price"_f)(impute{impute::median} >> clip{0, 1e6f} >> log_plus_one{} >> standardize{})
         | on("user_ad_past"_f)(log_plus_one{})
         | on("country"_f, "device"_f, "position"_f)(ordinal{})
         | on("user"_f, "ad"_f, "campaign"_f, "site"_f)(hashed<18>{})
         | cross<18>("category_pair"_f, "ad_category"_f, "site_category"_f)
         | cross<20>("taste"_f, "user"_f, "ad_category"_f)
         | on("time"_f)(hour_of_day{}).as("hour"_f);
  }
};

}  // namespace simulated
