/// A click log (TalkingData): which clicks on an ad end in the app being installed?
#pragma once

#include "mlsd/data/csv.hpp"
#include "mlsd/data/split.hpp"
#include "mlsd/features.hpp"
#include "mlsd/store/materialize.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace click_log {

using namespace mlsd::literals;

/// Clicks of the same key in the last hour, the last day and ever, and the seconds since the last.
using past = std::array<float, 4>;

struct click {
  std::uint32_t ip, app, device, os, channel;
  mlsd::timestamp click_time;
  past ip_past, ip_app_past, person_past, person_app_past, app_channel_past;
  bool is_attributed;
};

inline constexpr mlsd::schema clicks{"ip"_f = &click::ip,
                                     "app"_f = &click::app,
                                     "device"_f = &click::device,
                                     "os"_f = &click::os,
                                     "channel"_f = &click::channel,
                                     "click_time"_f = &click::click_time,
                                     "ip_past"_f = mlsd::computed(&click::ip_past),
                                     "ip_app_past"_f = mlsd::computed(&click::ip_app_past),
                                     "person_past"_f = mlsd::computed(&click::person_past),
                                     "person_app_past"_f = mlsd::computed(&click::person_app_past),
                                     "app_channel_past"_f = mlsd::computed(&click::app_channel_past),
                                     "is_attributed"_f = mlsd::label(&click::is_attributed)};

struct dataset {
  using table = mlsd::frame<clicks>;
  static constexpr const char* name = "clicks";
  static constexpr double keep_negatives = 0.5;

  template <class Source>
  [[nodiscard]] static mlsd::result<table> read(Source source) {
    return mlsd::read_csv<clicks>(std::move(source));
  }

  /// Fills in what each key did before, without looking ahead.
  [[nodiscard]] static mlsd::result<void> prepare(table& log) {
    const auto count = [&](auto out, auto... key) {
      auto counts =
          mlsd::windows::make({.count = {mlsd::hours(1), mlsd::days(1)}, .all_time = true, .since_last = true}).value();
      return mlsd::materialize(counts, log, out, "click_time"_f, key...);
    };
    if (auto ok = count("ip_past"_f, "ip"_f); !ok) return ok;
    if (auto ok = count("ip_app_past"_f, "ip"_f, "app"_f); !ok) return ok;
    if (auto ok = count("person_past"_f, "ip"_f, "device"_f, "os"_f); !ok) return ok;
    if (auto ok = count("person_app_past"_f, "ip"_f, "device"_f, "os"_f, "app"_f); !ok) return ok;
    return count("app_channel_past"_f, "app"_f, "channel"_f);
  }

  [[nodiscard]] static auto split(const table& log) {
    return mlsd::split_by_time(log, "click_time"_f, {0.65, 0.15, 0.20}, {.gap = mlsd::minutes(1)});
  }

  [[nodiscard]] static auto tree_features(std::uint64_t seed) {
    using namespace mlsd;
    const auto rate = [seed](double smoothing) { return target_encode{.smoothing = smoothing, .seed = seed}; };
    return from<clicks>()
         | on("ip"_f, "app"_f, "device"_f, "os"_f, "channel"_f)(rate(20)).as("ip_rate"_f, "app_rate"_f, "device_rate"_f, "os_rate"_f, "channel_rate"_f)
         | on("ip_past"_f, "ip_app_past"_f, "person_past"_f, "person_app_past"_f, "app_channel_past"_f)(as_number{})
         | on("click_time"_f)(hour_of_day{}).as("hour"_f);
  }

  [[nodiscard]] static auto linear_features(std::uint64_t) {
    using namespace mlsd;
    return from<clicks>()
         | on("app"_f, "device"_f, "os"_f, "channel"_f)(ordinal{.min_count = 5})
         | on("ip"_f)(hashed<16>{})
         | cross<18>("app_channel"_f, "app"_f, "channel"_f)
         | on("click_time"_f)(hour_of_day{}).as("hour"_f);
  }
};

}  // namespace click_log
