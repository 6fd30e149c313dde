#include "mlsd/drift/ks.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_ks {

using mlsd::ks;
using mlsd::ks_reference;
using mlsd::ks_test;
using mlsd::sorted_sample;

std::vector<float> normals(mlsd_test::draws& random, std::size_t n, double shift = 0) {
  std::vector<float> x(n);
  for (float& v : x) v = static_cast<float>(random.normal() + shift);
  return x;
}

ks watch(const ks_reference& reference, const std::vector<float>& x) {
  ks m(reference);
  for (const float v : x) m.update(static_cast<double>(v));
  return m;
}

double exact(const std::vector<float>& x, const std::vector<float>& y) {
  return ks_test(std::span<const float>(x), std::span<const float>(y)).statistic;
}

TEST_CASE("ks is exact against a reference of few distinct values, whatever the stream") {
  mlsd_test::draws random{1};
  for (const int levels : {2, 10, 100}) {
    std::vector<float> reference(400), stream(300);
    for (float& v : reference) v = std::floor(static_cast<float>(random.uniform() * levels));
    for (float& v : stream) v = static_cast<float>(random.uniform() * levels * 1.1);
    for (std::size_t i = 0; i < 100; ++i) stream[i] = std::floor(stream[i]);
    const ks m = watch(ks_reference::from(reference), stream);
    CHECK(m.bound() >= exact(reference, stream));
    CHECK(m.value().statistic <= exact(reference, stream) + 1e-12);
    // Between two knots the reference is flat, so the corners of its steps see the largest distance.
    CHECK(m.value().statistic == Approx(exact(reference, stream)).epsilon(1e-12));
  }
}

TEST_CASE("ks: a thinned reference brackets the true distance") {
  mlsd_test::draws random{2};
  for (const double shift : {0.0, 0.2, 2.0}) {
    const auto reference = normals(random, 20'000), stream = normals(random, 3000, shift);
    const double truth = exact(reference, stream);
    const ks m = watch(ks_reference::from(reference), stream);
    CHECK(m.reference().knots().size() == 256);
    CHECK(m.value().statistic <= truth + 1e-12);
    CHECK(m.bound() >= truth - 1e-12);
    CHECK(truth - m.value().statistic <= 1.0 / 250);
    CHECK(m.bound() - m.value().statistic <= 1.0 / 250);
  }
}

TEST_CASE("ks: false alarms under the null, and drift that it sees") {
  mlsd_test::draws random{3};
  const ks_reference reference = ks_reference::from(normals(random, 100'000));
  constexpr int repeats = 600;
  int significant = 0, drifted = 0;
  for (int r = 0; r < repeats; ++r) {
    const auto v = watch(reference, normals(random, 300)).value();
    significant += v.p_value < 0.05;
    drifted += v.drifted;
    CHECK((v.statistic > v.critical) == v.significant);
  }
  CHECK(significant / double(repeats) < 0.07);
  CHECK(significant / double(repeats) > 0.02);
  CHECK(drifted <= 3);
  CHECK(watch(reference, normals(random, 300, 0.5)).value().drifted);
  const auto slight = watch(reference, normals(random, 20'000, 0.05)).value();
  CHECK(slight.significant);
  CHECK_FALSE(slight.drifted);  // real, but smaller than what was called material
}

TEST_CASE("ks: nothing seen, missing values, bad weights, empty reference") {
  ks m(ks_reference::from(std::vector<float>{1, 2, 3}));
  CHECK(std::isnan(m.value().statistic));
  CHECK(m.value().p_value == 1);
  m.update(std::nan(""));
  m.update(1, -1);
  m.update(1, std::nan(""));
  CHECK(m.missing() == 1);
  CHECK(m.skipped() == 2);
  CHECK(m.rows() == 0);
  m.update(1);
  m.update(3);
  CHECK(m.value().statistic == Approx(1.0 / 6).margin(1e-15));
  ks none;
  none.update(5);
  CHECK(std::isnan(none.value().statistic));
  CHECK_FALSE(none.value().drifted);
}

TEST_CASE("ks: weights are copies in the statistic, effective rows in the p-value") {
  const ks_reference reference = ks_reference::from(std::vector<float>{1, 2, 3, 4, 5});
  ks weighted(reference), copied(reference);
  for (const double x : {1.5, 2.0, 7.0}) {
    weighted.update(x, x == 2 ? 3 : 1);
    for (int k = 0; k < (x == 2 ? 3 : 1); ++k) copied.update(x);
  }
  CHECK(weighted.value().statistic == copied.value().statistic);
  CHECK(weighted.value().n == Approx(25.0 / 11));
  CHECK(copied.value().n == 5);
}

TEST_CASE("ks is a monoid, exact for counts") {
  mlsd_test::draws random{4};
  const ks empty(ks_reference::from(normals(random, 1000)));
  ks part[3] = {empty, empty, empty}, whole = empty, none;
  for (int i = 0; i < 500; ++i) {
    const double x = random.normal();
    part[i % 3].update(x);
    whole.update(x);
  }
  ks left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left == part[0]);
  CHECK(left == whole);
  none.merge(whole);
  CHECK(none == whole);
  whole.merge(ks{});
  CHECK(none == whole);
  CHECK(whole.validate().has_value());
}

TEST_CASE("ks is a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<ks, double>);
  mlsd_test::draws random{5};
  ks m = watch(ks_reference::from(normals(random, 20)), normals(random, 20));
  CHECK(mlsd_test::round_trips(m));
  CHECK(mlsd_test::round_trips(ks{}));
  const int refused = mlsd_test::mutate(m, 600, [](ks& loaded) {
    for (const double x : {-1e300, 0.0, 1.0, 1e300, std::nan("")}) loaded.update(x);
    (void)loaded.value();
    (void)loaded.bound();
  });
  CHECK(refused > 100);
}

}  // namespace test_ks
