#include "mlsd/stats/weighted_mean.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_weighted_mean {

using mlsd::weighted_mean;

TEST_CASE("weighted_mean: equal weights give the textbook standard error, whatever their size") {
  for (const double w : {1.0, 0.25, 3.0}) {
    weighted_mean m;
    for (const double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) m.update(x, w);
    CHECK(m.value() == Approx(5).epsilon(1e-15));
    CHECK(m.standard_error() == Approx(std::sqrt(32.0 / 7 / 8)).epsilon(1e-13));
    CHECK(m.effective_rows() == Approx(8).epsilon(1e-15));
  }
}

TEST_CASE("weighted_mean: what is left out, and too few rows") {
  weighted_mean m;
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.standard_error()));
  m.update(std::nan(""));
  m.update(1, std::numeric_limits<double>::infinity());
  m.update(1, -2);
  m.update(1, 0);
  CHECK(m.skipped() == 3);
  CHECK(m.rows() == 0);
  m.update(4, 2);
  CHECK(m.value() == 4);
  CHECK(std::isnan(m.standard_error()));
}

TEST_CASE("weighted_mean: the standard error is that of repeated samples with weights") {
  mlsd_test::draws random{3};
  mlsd::weighted_mean means, errors;
  for (int repeat = 0; repeat < 2000; ++repeat) {
    weighted_mean m;
    for (int i = 0; i < 60; ++i) m.update(random.normal(), 0.5 + random.uniform());
    means.update(m.value() * m.value());
    errors.update(m.standard_error() * m.standard_error());
  }
  CHECK(errors.value() == Approx(means.value()).epsilon(0.1));
}

TEST_CASE("weighted_mean is a monoid, its value within 2 ulp however sharded") {
  mlsd_test::draws random{11};
  weighted_mean part[4], whole, none;
  for (int i = 0; i < 4000; ++i) {
    const double x = random.exponential(), w = random.uniform();
    whole.update(x, w);
    part[random.below(4)].update(x, w);
  }
  weighted_mean left = part[0], right = part[2];
  left.merge(part[1]);
  right.merge(part[3]);
  left.merge(right);
  CHECK(std::fabs(left.value() - whole.value()) <= 4.5e-16 * whole.value());
  CHECK(left.standard_error() == Approx(whole.standard_error()).epsilon(1e-12));
  weighted_mean copy = left;
  copy.merge(none);
  CHECK(copy == left);
  none.merge(left);
  CHECK(none == left);
}

TEST_CASE("weighted_mean is a monitor, and files give it back") {
  static_assert(mlsd::monitor<weighted_mean, double, double>);
  weighted_mean m;
  m.update(0.1);
  m.update(1e20, 3);
  CHECK(mlsd_test::round_trips(m));
}

}  // namespace test_weighted_mean
