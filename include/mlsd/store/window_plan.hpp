#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/store/fixed_point.hpp"
#include "mlsd/store/windows_config.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mlsd::detail {

enum class window_aggregate : std::uint8_t { count, all_time, since_last, sum, mean, decayed, distinct };

/// A column: what, over which of the different windows (or decays, or tracked items), of which value.
struct window_column {
  window_aggregate what{};
  std::uint8_t at = 0, input = 0;
};
/// A decayed sum: of which value, and -ln 2 over the half-life in ms.
struct window_decay {
  std::uint32_t value = 0;
  double rate = 0;
};
/// A distinct count: of which item, over which window.
struct tracked_items {
  std::uint32_t item = 0, window = 0;
};

/// The configuration worked out: windows that several columns share are looked up once.
template <class = void> struct basic_window_plan {
  std::vector<window> windows{};
  std::vector<window_column> columns{};
  std::vector<window_decay> decays{};
  std::vector<tracked_items> tracked{};
  std::vector<fixed_point> units{};
  duration horizon{};

  /// Requires a configuration that checks.
  [[nodiscard]] static result<basic_window_plan> of(const windows_config& c) {
    using enum window_aggregate;
    basic_window_plan p;
    p.horizon = c.horizon();
    for (const window& w : c.count) p.columns.push_back({count, p.place_of(w), 0});
    if (c.all_time) p.columns.push_back({all_time, 0, 0});
    if (c.since_last) p.columns.push_back({since_last, 0, 0});
    for (std::size_t v = 0; v < c.values.size(); ++v) {
      const auto input = static_cast<std::uint8_t>(v);
      p.units.emplace_back(c.values[v].unit);
      for (const window& w : c.values[v].sum) p.columns.push_back({sum, p.place_of(w), input});
      for (const window& w : c.values[v].mean) p.columns.push_back({mean, p.place_of(w), input});
      for (const duration h : c.values[v].decayed) {
        p.columns.push_back({decayed, static_cast<std::uint8_t>(p.decays.size()), input});
        p.decays.push_back({input, -0.69314718055994530942 / static_cast<double>(h.ms)});
      }
    }
    for (std::size_t k = 0; k < c.distinct.size(); ++k)
      for (const window& w : c.distinct[k]) {
        p.columns.push_back({distinct, static_cast<std::uint8_t>(p.tracked.size()), static_cast<std::uint8_t>(k)});
        p.tracked.push_back({static_cast<std::uint32_t>(k), p.place_of(w)});
      }
    constexpr std::size_t most = windows_config::most_windows;
    if (p.windows.size() > most || p.decays.size() > most || p.tracked.size() > most)
      return error{errc::capacity, "windows: more than " + std::to_string(most) + " different windows"};
    return p;
  }

 private:
  [[nodiscard]] std::uint8_t place_of(const window& w) {
    const auto found = std::find(windows.begin(), windows.end(), w);
    const auto place = static_cast<std::uint8_t>((std::min)(found - windows.begin(), std::ptrdiff_t{255}));
    if (found == windows.end()) windows.push_back(w);
    return place;
  }
};
using window_plan = basic_window_plan<>;

}  // namespace mlsd::detail
