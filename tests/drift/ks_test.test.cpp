#include "mlsd/drift/ks_test.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"

namespace test_ks_test {

using mlsd::ks_p;
using mlsd::sorted_sample;
using column = std::vector<double>;

mlsd::ks_result test(const column& x, const column& y, ks_p p = ks_p::automatic) {
  return mlsd::ks_test(std::span<const double>(x), std::span<const double>(y), p);
}

/// The share of all ways to choose which pooled values form the first sample that reach the distance of x and y.
double by_enumeration(const column& x, const column& y) {
  column pooled = x;
  pooled.insert(pooled.end(), y.begin(), y.end());
  const double seen = test(x, y, ks_p::asymptotic).statistic;
  int reached = 0, all = 0;
  for (unsigned mask = 0; mask < 1u << pooled.size(); ++mask) {
    column a, b;
    for (std::size_t i = 0; i < pooled.size(); ++i) ((mask >> i) & 1u ? a : b).push_back(pooled[i]);
    if (a.size() != x.size()) continue;
    ++all;
    reached += test(a, b, ks_p::asymptotic).statistic >= seen - 1e-9;
  }
  return reached / double(all);
}

TEST_CASE("ks_test: the exact p-value is the share of relabellings, ties or none") {
  const column x{1, 1, 2, 2, 3}, y{1, 2, 3, 3, 4, 4};
  CHECK(test(x, y, ks_p::exact).p_value == Approx(by_enumeration(x, y)).epsilon(1e-12));
  CHECK(test(x, y, ks_p::exact).p_value == Approx(0.3506).margin(5e-5));  // R 4.2
  mlsd_test::draws random{1};
  for (int k = 0; k < 6; ++k) {
    column a(3 + random.below(3)), b(4 + random.below(3));
    for (double& v : a) v = static_cast<double>(random.below(k < 3 ? 4 : 1'000'000));
    for (double& v : b) v = static_cast<double>(random.below(k < 3 ? 5 : 1'000'000));
    CHECK(test(a, b, ks_p::exact).p_value == Approx(by_enumeration(a, b)).epsilon(1e-12));
    CHECK(test(a, b, ks_p::exact).p_value == test(b, a, ks_p::exact).p_value);
  }
}

TEST_CASE("ks_test: statistic, exact and asymptotic p-values of scipy; exact ones of R") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_two_sample.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    const std::string id = record["id"].text;
    if (!out.has("ks_asymp") || id == "nan_in_x" || id == "inf_in_x") continue;
    INFO(id);
    column x = in["x"].reals(), y = in["y"].reals();
    if (in.has("file")) {
      const column all = mlsd_test::golden_column("streams/elec.csv", "nswprice");
      x.assign(all.begin(), all.begin() + 10000);
      y.assign(all.begin() + 10000, all.begin() + 20000);
    }
    const auto r = test(x, y, ks_p::asymptotic);
    CHECK(r.statistic == Approx(out["ks_asymp"][0].real()).epsilon(1e-12));
    if (std::isnan(out["ks_asymp"][1].real())) {
      CHECK(std::isnan(r.p_value));
    } else {
      CHECK(r.p_value == Approx(out["ks_asymp"][1].real()).epsilon(1e-6).margin(1e-300));
    }
    if (out.has("ks_exact")) {
      const auto exact = test(x, y, ks_p::exact_untied);
      CHECK(exact.p_value == Approx(out["ks_exact"][1].real()).epsilon(1e-10));
      CHECK(test(x, y, ks_p::exact).p_value <= exact.p_value * (1 + 1e-12));
    }
    ++compared;
  }
  CHECK(compared == 12);
  for (const auto& record : mlsd_test::golden("golden_r.jsonl")) {
    if (record["id"].text != "ks_ties_exact_norm20") continue;
    const auto r = test(record["in"]["x"].reals(), record["in"]["y"].reals());
    CHECK(r.statistic == Approx(record["out"]["D"].real()).epsilon(1e-12));
    CHECK(r.p_value == Approx(record["out"]["p_exact_conditional_on_ties_R"].real()).epsilon(1e-9));
  }
}

TEST_CASE("ks_test: empty, NaN, infinite values, signed zeros, constant samples") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  CHECK(std::isnan(test({}, {1, 2}).statistic));
  CHECK(std::isnan(test({nan}, {1, 2}).p_value));
  CHECK(test({1, nan, 2}, {1, 2}).statistic == 0);
  CHECK(test({1, nan, 2}, {1, 2}).p_value == 1);
  CHECK(test({-inf, 0}, {0, inf}).statistic == 0.5);
  CHECK(test({0.0, 0.0}, {-0.0}).statistic == 0);
  CHECK(test({2, 2}, {3, 3, 3}).statistic == 1);
  CHECK(std::isnan(test({1}, {2}, ks_p::asymptotic).p_value));
}

TEST_CASE("ks_test: weights move the statistic as copies do, and count as effective rows in the p-value") {
  const column x{1, 2, 5, 7}, y{2, 3, 4, 9, 10};
  const std::vector<float> w{3, 1, 2, 1};
  const column copied{1, 1, 1, 2, 5, 5, 7};
  const auto weighted = sorted_sample::from(std::span<const double>(x), std::span<const float>(w));
  const auto other = sorted_sample::from(std::span<const double>(y));
  const auto r = mlsd::ks_test(weighted, other);
  CHECK(r.statistic == Approx(test(copied, y).statistic).epsilon(1e-15));
  CHECK(r.n == Approx(49.0 / 15));
  CHECK(r.p_value == mlsd::kolmogorov_smirnov_survival(2, r.statistic));
}

TEST_CASE("ks_test: false alarms under the null, continuous and tied") {
  mlsd_test::draws random{2};
  constexpr int repeats = 1000;
  int exact = 0, asymptotic = 0, tied = 0;
  column x(40), y(60), u(40), v(60);
  for (int r = 0; r < repeats; ++r) {
    for (std::size_t i = 0; i < 40; ++i) u[i] = std::floor(4 * (x[i] = random.uniform()));
    for (std::size_t i = 0; i < 60; ++i) v[i] = std::floor(4 * (y[i] = random.uniform()));
    exact += test(x, y).p_value < 0.05;
    asymptotic += test(x, y, ks_p::asymptotic).p_value < 0.05;
    tied += test(u, v).p_value < 0.05;
  }
  CHECK(exact / double(repeats) == Approx(0.045).margin(0.02));
  CHECK(asymptotic / double(repeats) == Approx(0.045).margin(0.02));
  CHECK(tied / double(repeats) == Approx(0.04).margin(0.02));
}

}  // namespace test_ks_test
