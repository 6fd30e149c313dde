#include "mlsd/report/axis.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace test_report_axis {

using namespace mlsd::report;

/// A stream of awkward numbers, alike everywhere.
struct awkward {
  std::uint64_t state = 42;
  double unit() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state >> 11) / 9007199254740992.0;
  }
  double operator()() {
    const double magnitude = std::pow(10.0, 40 * unit() - 20);
    return (unit() < 0.5 ? -1 : 1) * magnitude;
  }
};

TEST_CASE("Linear ticks cover the range, are few, even and round", "[report]") {
  awkward number;
  for (int trial = 0; trial < 2000; ++trial) {
    const double a = number(), b = trial % 3 == 0 ? a * (1 + number.unit()) : number();
    const double low = (std::min)(a, b), high = (std::max)(a, b);
    const std::size_t most = 3 + static_cast<std::size_t>(trial) % 8;
    const auto ticks = linear_ticks(low, high, most);
    REQUIRE(ticks.size() >= 2);
    REQUIRE(ticks.size() <= most);
    const double step = ticks[1] - ticks[0], slack = 1e-6 * step;
    CHECK(ticks.front() <= low + slack);
    CHECK(ticks.back() >= high - slack);
    // No whole step is wasted.
    CHECK(ticks.front() > low - step - slack);
    CHECK(ticks.back() < high + step + slack);
    const double exponent = std::floor(std::log10(step * 1.000001)), mantissa = step / std::pow(10.0, exponent);
    const bool is_round =
        std::fabs(mantissa - 1) < 1e-5 || std::fabs(mantissa - 2) < 1e-5 || std::fabs(mantissa - 5) < 1e-5;
    CHECK(is_round);
    for (std::size_t i = 1; i < ticks.size(); ++i) CHECK(ticks[i] - ticks[i - 1] == Approx(step).epsilon(1e-6));
  }
}

TEST_CASE("Linear ticks of known ranges", "[report]") {
  CHECK(linear_ticks(0, 1, 6) == std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1});
  CHECK(linear_ticks(0, 0.3, 4) == std::vector<double>{0, 0.1, 0.2, 0.3});
  CHECK(linear_ticks(-3, 12, 5) == std::vector<double>{-5, 0, 5, 10, 15});
  CHECK_FALSE(std::signbit(linear_ticks(-3, 12, 5)[1]));
}

TEST_CASE("Ranges without a width still get ticks", "[report]") {
  const double inf = HUGE_VAL, nan = std::nan("");
  for (const double v : {0.0, 7.0, -7.0, 1e-300, 5e-324, 1e300, -1e300, 1e17, 0.03}) {
    const auto ticks = linear_ticks(v, v, 6);
    CHECK(ticks.size() >= 2);
    CHECK(ticks.size() <= 6);
    CHECK(ticks.front() <= v);
    CHECK(ticks.back() >= v);
  }
  for (const double v : {nan, inf, -inf, (std::numeric_limits<double>::max)()})
    CHECK(linear_ticks(v, v, 6) == std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1});
  CHECK(linear_ticks(-1e300, 1e300, 6).size() >= 2);
  CHECK(linear_ticks(1e16, 1e16 + 4, 6).size() >= 2);
}

TEST_CASE("Log ticks cover the range and are 1, 2 or 5 times powers of ten", "[report]") {
  awkward number;
  for (int trial = 0; trial < 2000; ++trial) {
    const double a = std::fabs(number()), b = trial % 2 == 0 ? a * (1 + 50 * number.unit()) : std::fabs(number());
    const double low = (std::min)(a, b), high = (std::max)(a, b);
    const std::size_t most = 3 + static_cast<std::size_t>(trial) % 6;
    const auto ticks = log_ticks(low, high, most);
    REQUIRE(ticks.size() >= 2);
    REQUIRE(ticks.size() <= most);
    CHECK(ticks.front() <= low * (1 + 1e-8));
    CHECK(ticks.back() >= high * (1 - 1e-8));
    for (const double tick : ticks) {
      const double mantissa = tick / std::pow(10.0, std::floor(std::log10(tick) + 1e-9));
      const bool is_round =
          std::fabs(mantissa - 1) < 1e-6 || std::fabs(mantissa - 2) < 1e-6 || std::fabs(mantissa - 5) < 1e-6;
      CHECK(is_round);
    }
  }
  CHECK(log_ticks(0.001, 100, 7) == std::vector<double>{0.001, 0.01, 0.1, 1, 10, 100});
  CHECK(log_ticks(0.004, 0.08, 7) == std::vector<double>{0.002, 0.005, 0.01, 0.02, 0.05, 0.1});
  CHECK(log_ticks(-1, 0, 5) == std::vector<double>{0.1, 0.2, 0.5, 1});
  CHECK(log_ticks(1e-300, 1e300, 7).size() <= 7);
  CHECK(log_ticks(3, 3, 5).size() >= 2);
}

TEST_CASE("Time ticks fall on round moments inside the range", "[report]") {
  const double start = 1509926400000;  // 2017-11-06 00:00 UTC, a Monday
  const double hour = 3'600'000, day = 24 * hour;
  CHECK(time_ticks(start, start + 20 * hour, 7) == std::vector<double>{start, start + 3 * hour, start + 6 * hour,
                                                                       start + 9 * hour, start + 12 * hour,
                                                                       start + 15 * hour, start + 18 * hour});
  CHECK(time_ticks(start - 1, start + 30 * day, 6) ==
        std::vector<double>{start, start + 7 * day, start + 14 * day, start + 21 * day, start + 28 * day});
  // A year: quarters, which are not equally long.
  const double year = 1483228800000;  // 2017-01-01
  CHECK(time_ticks(year, year + 365 * day, 6) ==
        std::vector<double>{year, year + 90 * day, year + 181 * day, year + 273 * day, year + 365 * day});
  CHECK(time_ticks(std::nan(""), 1, 5).empty());
  CHECK(time_ticks(0, 1e300, 5).empty());
  CHECK(time_ticks(-8e15, 8e15, 5).size() <= 5);
  awkward number;
  for (int trial = 0; trial < 500; ++trial) {
    const double low = 4e12 * (number.unit() - 0.3), high = low + std::pow(10.0, 15 * number.unit());
    for (const std::size_t most : {std::size_t{3}, std::size_t{7}}) {
      const auto ticks = time_ticks(low, high, most);
      CHECK(ticks.size() <= most);
      for (const double tick : ticks) CHECK((tick >= low && tick <= high));
    }
  }
}

TEST_CASE("Labels of one axis share a unit and a number of decimals", "[report]") {
  const auto labels = [](double low, double high, bool as_percent = false) {
    return detail::linear_labels(linear_ticks(low, high, 6), as_percent);
  };
  using words = std::vector<std::string>;
  CHECK(labels(0, 1) == words{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels(0, 0.1, true) == words{"0%", "2%", "4%", "6%", "8%", "10%"});
  CHECK(labels(0, 5e5) == words{"0", "100k", "200k", "300k", "400k", "500k"});
  CHECK(labels(-4, 4) == words{"−4", "−2", "0", "2", "4"});
  CHECK(labels(1e9, 1e9 + 3) == words{"1,000,000,000", "1,000,000,001", "1,000,000,002", "1,000,000,003"});
  CHECK(labels(0, 3e-7) == words{"0", "10⁻⁷", "2×10⁻⁷", "3×10⁻⁷"});
  CHECK(detail::value_text(1509977130000, axis_scale::time) == "2017-11-06 14:05:30");
  CHECK(detail::time_label(1509977130000, 60'000, true) == "14:05");
  CHECK(detail::time_label(1509926400000, 3'600'000, true) == "6 Nov");
  CHECK(detail::time_label(-1, 1, false) == "23:59:59.999");
  CHECK(detail::time_context(1509926400000, 1509977130000, 3'600'000) == "6 Nov 2017, UTC");
}

TEST_CASE("A fitted axis maps its range to [0, 1] and nothing outside", "[report]") {
  for (const axis_scale scale : {axis_scale::linear, axis_scale::log, axis_scale::time}) {
    const auto fitted = detail::fit({.scale = scale}, {3, 4000}, 6);
    CHECK(fitted(fitted.low) == 0);
    CHECK(fitted(fitted.high) == 1);
    double previous = 0;
    for (double v = 3; v < 4000; v *= 1.3) {
      CHECK(fitted(v) >= previous);
      previous = fitted(v);
    }
    for (const double v : {-HUGE_VAL, -1e300, 1e300, HUGE_VAL, 0.0, std::nan("")})
      CHECK((fitted(v) >= 0 && fitted(v) <= 1));
  }
  CHECK(detail::fit({.include = {0, -2}}, {3, 4}, 6).low == -2);
  CHECK(detail::fit({.scale = axis_scale::time}, {}, 6).ticks.size() >= 1);
}

}  // namespace test_report_axis
