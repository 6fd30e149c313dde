#include "mlsd/metrics/ratio_metric.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"

namespace test_ratio_metric {

using mlsd::ratio_metric;

TEST_CASE("ratio_metric: ratio and delta-method variance of the reference") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_ab.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (!out.has("ratio_delta")) continue;
    const auto y = in["y"].reals(), d = in["pre"].reals(), t = in["t"].reals();
    ratio_metric arm[2];
    for (std::size_t i = 0; i < y.size(); ++i) arm[t[i] == 1].update(y[i], d[i]);
    for (const int k : {0, 1}) {
      const auto& theirs = out["ratio_delta"][k == 0 ? "c" : "t"];
      CHECK(arm[k].value() == Approx(theirs[0].real()).epsilon(1e-13));
      CHECK(arm[k].standard_error() * arm[k].standard_error() == Approx(theirs[1].real()).epsilon(1e-11));
    }
    ++compared;
  }
  CHECK(compared == 2);
}

TEST_CASE("ratio_metric: a denominator of 1 is a mean, a constant ratio has no error") {
  ratio_metric mean, constant;
  const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
  for (const double v : x) {
    mean.update(v, 1);
    constant.update(3 * v, v);
  }
  CHECK(mean.value() == 5);
  CHECK(mean.standard_error() == Approx(std::sqrt(32.0 / 7 / 8)).epsilon(1e-14));
  CHECK(constant.value() == 3);
  CHECK(constant.standard_error() < 1e-7);
}

TEST_CASE("ratio_metric: large totals with a small spread lose no digits") {
  ratio_metric m;
  for (const double v : {4.0, 7.0, 13.0, 16.0}) m.update(1e9 + v, 1);
  CHECK(m.standard_error() == Approx(std::sqrt(30.0 / 4)).epsilon(1e-12));
}

TEST_CASE("ratio_metric: 95% intervals of click rates cover where users differ, with weights too") {
  mlsd_test::draws random{1};
  for (const bool weighted : {false, true}) {
    int covered = 0;
    constexpr int repeats = 500;
    for (int r = 0; r < repeats; ++r) {
      ratio_metric ctr;
      for (int user = 0; user < 150; ++user) {
        const double rate = 0.4 * random.uniform();  // busy users click less
        const std::uint64_t views = 1 + random.below(rate < 0.2 ? 20 : 10);
        double clicks = 0;
        for (std::uint64_t v = 0; v < views; ++v) clicks += random.uniform() < rate;
        ctr.update(clicks, double(views), weighted ? 0.5 + random.uniform() : 1);
      }
      const double truth = (0.5 * 10.5 * 0.1 + 0.5 * 5.5 * 0.3) / (0.5 * 10.5 + 0.5 * 5.5);
      covered += ctr.with_interval().ci.contains(truth);
    }
    CHECK(covered / double(repeats) == Approx(0.95).margin(0.03));
  }
}

TEST_CASE("ratio_metric: empty, one unit, what is left out, a denominator of 0") {
  ratio_metric m;
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.standard_error()));
  m.update(1, 0);
  CHECK(std::isnan(m.value()));
  m.update(1, 4);
  CHECK(m.value() == 0.5);
  for (const double bad : {std::nan(""), (std::numeric_limits<double>::infinity)()}) {
    m.update(bad, 1);
    m.update(1, bad);
    m.update(1, 1, bad);
  }
  m.update(1, 1, -1);
  m.update(1, 1, 0);
  CHECK(m.skipped() == 7);
  CHECK(m.units() == 2);
  CHECK(m.numerator() == 2);
  CHECK(m.denominator() == 4);
  ratio_metric endless;  // sums of squares overflow: the error is not known, and not 0
  endless.update(1e155, 1);
  endless.update(3e155, 1);
  CHECK_FALSE(endless.standard_error() == 0);
}

TEST_CASE("ratio_metric: weights move the value as copies; a monoid; files") {
  static_assert(mlsd::monitor<ratio_metric, double, double, double>);
  mlsd_test::draws random{2};
  ratio_metric part[4], whole, weighted, copied;
  for (int i = 0; i < 400; ++i) {
    const double n = random.exponential(), d = 1 + random.uniform(), w = 1.0 + double(random.below(3));
    part[i % 4].update(n, d, w);
    whole.update(n, d, w);
    weighted.update(n, d, w);
    for (double k = 0; k < w; ++k) copied.update(n, d);
  }
  CHECK(weighted.value() == Approx(copied.value()).epsilon(1e-13));
  const auto ok = mlsd::laws::merges_as_monoid(
      std::span<const ratio_metric>(part), [](const ratio_metric& m) { return m.value(); }, 64);
  CHECK(ok.has_value());
  for (int i = 1; i < 4; ++i) part[0].merge(part[i]);
  CHECK(part[0].value() == Approx(whole.value()).epsilon(1e-13));
  CHECK(part[0].standard_error() == Approx(whole.standard_error()).epsilon(1e-12));
  CHECK(mlsd::laws::survives_file(whole).has_value());
  const auto refused = mlsd::laws::survives_damage(whole, {.mutations = 500, .truncations = 50}, [](ratio_metric& m) {
    m.update(1, 2);
    (void)m.with_interval();
  });
  REQUIRE(refused.has_value());
}

}  // namespace test_ratio_metric
