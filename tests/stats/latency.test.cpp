#include "mlsd/stats/latency.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"
#include "round_trip.hpp"

namespace test_latency {

using mlsd::latency;

double exact(const std::vector<std::uint64_t>& sorted, double q) {
  const double rank = (std::max)(1.0, std::ceil(q * double(sorted.size())));
  return double(sorted[std::size_t(rank) - 1]);
}

TEST_CASE("latency: quantiles are within 1/128 of the exact ones, from nanoseconds to an hour") {
  mlsd_test::draws random{1};
  for (const double octaves : {5.0, 12.0, 30.0, 42.0}) {
    std::vector<std::uint64_t> x(5000);
    latency m;
    double sum = 0;
    for (auto& v : x) {
      v = static_cast<std::uint64_t>(std::exp2(random.uniform() * octaves)) - 1;
      m.update(v);
      sum += double(v);
    }
    std::sort(x.begin(), x.end());
    for (const double q : {0.0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      INFO(octaves << " octaves, q " << q);
      CHECK(std::fabs(m.quantile(q) - exact(x, q)) <= exact(x, q) / 128);
    }
    const auto s = m.summary();
    CHECK(s.count == 5000);
    CHECK(s.mean == Approx(sum / 5000).epsilon(1e-12));
    CHECK(s.p50 == m.value());
    CHECK(s.p999 == m.quantile(0.999));
    CHECK(s.max == double(x.back()));
    CHECK(m.smallest() == x.front());
  }
}

TEST_CASE("latency: every value alone comes back, exactly below 128, and cells ascend") {
  double before = -1;
  for (std::uint64_t v = 0; v < 70'000; ++v) {
    latency m;
    m.update(v);
    REQUIRE(m.quantile(0.5) == double(v));  // the extremes are exact
    if (v >= 2000 && v % 97 != 0) continue;
    m.update(0);
    m.update(std::uint64_t{1} << 50);
    const double middle = m.quantile(0.5);
    REQUIRE(std::fabs(middle - double(v)) <= (v < 128 ? 0 : double(v) / 128));
    REQUIRE(middle >= before);
    before = middle;
  }
}

TEST_CASE("latency: nothing recorded, the largest values, counts") {
  latency m;
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.mean()));
  CHECK(std::isnan(m.summary().max));
  CHECK(std::isnan(m.quantile_interval(0.5).lower));
  m.update(7, 0);
  CHECK(m == latency{});
  m.update(~std::uint64_t{0} / 2);
  CHECK(m.quantile(0.5) == double(~std::uint64_t{0} / 2));
  latency copies, counted;
  for (int i = 0; i < 5; ++i) copies.update(1000);
  counted.update(1000, 5);
  CHECK(copies == counted);
}

TEST_CASE("latency: intervals of quantiles cover whatever the distribution") {
  mlsd_test::draws random{2};
  const double truth = std::exp(10 + mlsd::math::normal_quantile(0.9));
  int covered = 0;
  constexpr int repeats = 400;
  for (int r = 0; r < repeats; ++r) {
    latency m;
    for (int i = 0; i < 300; ++i) m.update(static_cast<std::uint64_t>(std::exp(10 + random.normal())));
    const auto ci = m.quantile_interval(0.9);
    covered += ci.lower * (1 - 1.0 / 128) <= truth && truth <= ci.upper * (1 + 1.0 / 128);
  }
  CHECK(covered / double(repeats) > 0.93);
  CHECK(covered / double(repeats) < 0.995);
  latency few;
  few.update(5);
  CHECK(few.quantile_interval(0.99).lower == 0);
  CHECK(std::isinf(few.quantile_interval(0.99).upper));
}

TEST_CASE("latency is an exact monoid and a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<latency, std::uint64_t>);
  static_assert(noexcept(std::declval<latency&>().update(1)));
  mlsd_test::draws random{3};
  latency part[3], whole;
  for (int i = 0; i < 2000; ++i) {
    const auto v = static_cast<std::uint64_t>(std::exp(15 * random.uniform()));
    part[i % 3].update(v);
    whole.update(v);
  }
  CHECK(mlsd::laws::merges_as_monoid(std::span<const latency>(part)).has_value());
  part[0].merge(part[1]);
  part[0].merge(part[2]);
  CHECK(part[0] == whole);
  CHECK(mlsd::laws::survives_file(whole).has_value());
  CHECK(mlsd::laws::survives_file(latency{}).has_value());
  const auto refused = mlsd::laws::survives_damage(whole, {.mutations = 150, .truncations = 20}, [](latency& m) {
    m.update(77);
    (void)m.summary();
    (void)m.quantile_interval(0.99);
  });
  REQUIRE(refused.has_value());
}

}  // namespace test_latency
