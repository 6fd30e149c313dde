#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/drift/psi.hpp"
#include "mlsd/drift/verdict.hpp"
#include "mlsd/report/bar_chart.hpp"
#include "mlsd/report/table.hpp"

namespace mlsd::report {

/// What the monitors say of one feature, and its two histograms. A monitor that saw nothing (n = 0) says nothing.
struct drift_row {
  std::string name{};
  drift_verdict psi{}, ks{};
  profile shape{};
};

/// The row of a feature under a `psi`, and under a `ks` where there is one: `drift_of("age", psi, ks.value())`.
template <class = void>
[[nodiscard]] drift_row drift_of(std::string name, const psi& monitor, const drift_verdict& ks = {}) {
  const auto before = monitor.reference().weight(), after = monitor.weight();
  return {std::move(name), monitor.value(), ks, {{before.begin(), before.end()}, {after.begin(), after.end()}}};
}

namespace detail {

inline constexpr double psi_shift = 0.1, psi_large_shift = 0.25;  // by custom: Lewis (1994)

template <class = void> [[nodiscard]] std::vector<drift_row> largest_first(std::vector<drift_row> rows) {
  const auto size = [](const drift_row& r) { return std::isnan(r.psi.statistic) ? -1 : r.psi.statistic; };
  std::stable_sort(rows.begin(), rows.end(), [&](const drift_row& a, const drift_row& b) { return size(a) > size(b); });
  return rows;
}

}  // namespace detail

[[nodiscard]] inline bool drifted(const drift_row& r) noexcept { return r.psi.drifted || r.ks.drifted; }
/// `ok` without drift, `alarm` where the shift is large, `none` where nothing was seen.
[[nodiscard]] inline status drift_status(const drift_row& r) noexcept {
  if (!(r.psi.n > 0) && !(r.ks.n > 0)) return status::none;
  if (!drifted(r)) return status::ok;
  return r.psi.statistic > detail::psi_large_shift ? status::alarm : status::warn;
}

/// One row a feature, the largest shift first.
template <class = void>
[[nodiscard]] table drift_table(std::vector<drift_row> rows, std::string caption = "Drift from the reference") {
  table out{.caption = std::move(caption),
            .note = "PSI above .1 is a shift by custom, above .25 a large one",
            .columns = {"feature", {"PSI", 4}, {"KS", 4}, "verdict", "reference (grey) and now"}};
  for (drift_row& r : detail::largest_first(std::move(rows))) {
    const auto statistic = [](const drift_verdict& v) { return v.n > 0 ? cell(v.statistic) : cell(""); };
    const status mark = drift_status(r);
    const char* word = mark == status::none ? "nothing seen" : drifted(r) ? "drifted" : "stable";
    out.rows.push_back({std::move(r.name), statistic(r.psi), statistic(r.ks), {word, mark}, std::move(r.shape)});
  }
  return out;
}

/// The stability index of the `most` features that moved most, with the customary thresholds.
template <class = void> [[nodiscard]] bar_chart drift_chart(std::vector<drift_row> rows, std::size_t most = 12) {
  bar_chart chart{.title = "PSI of each feature",
                  .x = {.label = "PSI"},
                  .thresholds = {{detail::psi_shift}, {detail::psi_large_shift}},
                  .most = most};
  for (drift_row& r : detail::largest_first(std::move(rows)))
    chart.bars.push_back({.name = std::move(r.name), .value = r.psi.statistic, .mark = drift_status(r)});
  return chart;
}

}  // namespace mlsd::report
