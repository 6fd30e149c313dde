#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/platt.hpp"
#include "mlsd/training/calibration_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace mlsd {

namespace detail {
/// Weighted log loss of sigmoid(slope * u + offset) against targets, its gradient and its Hessian.
struct platt_loss {
  double value = 0, by_slope = 0, by_offset = 0, slope_slope = 0, slope_offset = 0, offset_offset = 0;
};

/// `u(i)`, `target(i)` in [0, 1] and `weight(i)` of n rows.
template <class U, class Target, class Weight>
[[nodiscard]] MLSD_UNCONTRACTED [[gnu::noinline]] platt_loss platt_loss_at(double slope, double offset, std::size_t n,
                                                                           U u, Target target, Weight weight) {
  MLSD_CONTRACT_OFF
  platt_loss l;
  for (std::size_t i = 0; i < n; ++i) {
    const double w = weight(i);
    if (w == 0) continue;
    const double x = u(i), f = slope * x + offset, t = target(i);
    const double p = math::sigmoid(f), q = math::sigmoid(-f), g = w * (p - t), h = w * p * q;
    l.value += w * (t * math::softplus(-f) + (1 - t) * math::softplus(f));
    l.by_slope += g * x;
    l.by_offset += g;
    l.slope_slope += h * x * x;
    l.slope_offset += h * x;
    l.offset_offset += h;
  }
  return l;
}
}  // namespace detail

/// Fits the sigmoid of least weighted log loss by Newton steps that never increase it: the optimum to rounding.
/// Against targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2) instead of 1 and 0, N+ and N- the summed weights of each label,
/// so that separable rows have a finite optimum. O(n) a step, about 10 steps. Margins that are all equal give slope 0.
/// Sources: Platt (1999); Lin, Lin and Weng, A note on Platt's probabilistic outputs (2007).
struct platt {
  using map = platt_map;

  template <class = void>
  [[nodiscard]] MLSD_UNCONTRACTED [[gnu::noinline]] static result<platt_map> fit(const calibration_rows& rows) {
    MLSD_CONTRACT_OFF
    if (auto r = rows.check(); !r) return r.error();
    const std::size_t n = rows.margin.size();
    const auto weight = [&](std::size_t i) { return rows.weight_of(i); };
    double count[2] = {0, 0}, mean = 0, spread = 0;
    for (std::size_t i = 0; i < n; ++i) {
      count[rows.label[i] == 1] += weight(i);
      mean += weight(i) * rows.margin[i];
    }
    const double total = count[0] + count[1];
    mean /= total;
    for (std::size_t i = 0; i < n; ++i) spread += weight(i) * (rows.margin[i] - mean) * (rows.margin[i] - mean);
    spread = std::sqrt(spread / total);
    const bool flat = !(spread > 1e-14 * std::fabs(mean)) || !std::isfinite(spread);

    const double high = (count[1] + 1) / (count[1] + 2), low = 1 / (count[0] + 2);
    const auto target = [&](std::size_t i) { return rows.label[i] == 1 ? high : low; };
    const auto u = [&](std::size_t i) { return flat ? 0.0 : (rows.margin[i] - mean) / spread; };
    double slope = 0, offset = std::log((count[1] + 1) / (count[0] + 1));
    auto now = detail::platt_loss_at(slope, offset, n, u, target, weight);
    for (int step = 0; step < 100; ++step) {
      const double a = now.slope_slope + (flat ? 1.0 : 0.0), b = now.slope_offset, c = now.offset_offset;
      const double determinant = a * c - b * b;
      if (!(determinant > 0)) break;
      const double by_slope = (c * now.by_slope - b * now.by_offset) / determinant;
      const double by_offset = (a * now.by_offset - b * now.by_slope) / determinant;
      // Where the fall that a full step promises is lost in the rounding of the loss, that step is the last.
      if (by_slope * now.by_slope + by_offset * now.by_offset <= 1e-13 * std::fabs(now.value)) {
        slope -= by_slope;
        offset -= by_offset;
        break;
      }
      double length = 1;
      auto next = now;
      for (; length > 1e-10; length /= 2) {
        next = detail::platt_loss_at(slope - length * by_slope, offset - length * by_offset, n, u, target, weight);
        if (next.value <= now.value + 1e-15 * std::fabs(now.value)) break;
      }
      if (!(length > 1e-10)) break;
      slope -= length * by_slope;
      offset -= length * by_offset;
      now = next;
    }
    if (flat) return platt_map(0, offset);
    return platt_map(slope / spread, offset - slope / spread * mean);
  }
};

/// Fits one temperature T > 0 of least weighted log loss: probability sigmoid(margin / T); 1/2 stays 1/2, and the order
/// of scores stays. Margins that point the wrong way give T infinite (slope 0). O(n) a Newton step.
/// Rows that one threshold at 0 separates have no optimum: the slope stops where the loss no longer falls.
/// Source: Guo et al., On calibration of modern neural networks (2017).
struct temperature {
  using map = platt_map;

  template <class = void>
  [[nodiscard]] MLSD_UNCONTRACTED [[gnu::noinline]] static result<platt_map> fit(const calibration_rows& rows) {
    MLSD_CONTRACT_OFF
    if (auto r = rows.check(); !r) return r.error();
    double largest = 0;
    for (const double m : rows.margin) largest = (std::max)(largest, std::fabs(m));
    if (largest == 0) return platt_map(0, 0);
    const auto at = [&](double slope) {
      return detail::platt_loss_at(
          slope, 0, rows.margin.size(), [&](std::size_t i) { return rows.margin[i] / largest; },
          [&](std::size_t i) { return static_cast<double>(rows.label[i]); },
          [&](std::size_t i) { return rows.weight_of(i); });
    };
    double slope = 0;
    auto now = at(slope);
    if (now.by_slope >= 0) return platt_map(0, 0);
    for (int step = 0; step < 200 && now.slope_slope > 0; ++step) {
      double by = now.by_slope / now.slope_slope, length = 1;
      if (by * now.by_slope <= 1e-13 * now.value) {
        slope -= by;
        break;
      }
      auto next = at(slope - by);
      while (next.value > now.value + 1e-15 * now.value && length > 1e-10) next = at(slope - (length /= 2) * by);
      if (!(length > 1e-10) || next.value == 0) break;
      slope -= length * by;
      now = next;
    }
    return platt_map(slope / largest, 0);
  }
};

}  // namespace mlsd
