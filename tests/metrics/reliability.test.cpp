#include "mlsd/metrics/reliability.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_reliability {

using mlsd::reliability;

TEST_CASE("reliability: bin floor(p B), 1 in the last; sums by bin") {
  reliability r = reliability::equal_width(10);
  r.update(0, 0);
  r.update(0.1, 1);
  r.update(0.3, 0);  // floor(0.3 * 10) = 3, though 0.3 < 3 * 0.1 in doubles
  r.update(0.99, 1, 2);
  r.update(1, 0, 3);
  const auto bins = r.value();
  REQUIRE(bins.size() == 10);
  CHECK(bins[0].weight == 1);
  CHECK(bins[1].observed == 1);
  CHECK(bins[3].weight == 1);
  CHECK(bins[9].weight == 5);
  CHECK(bins[9].rate() == 0.4);
  CHECK(bins[9].mean_predicted() == Approx((2 * 0.99 + 3) / 5).epsilon(1e-15));
  CHECK(bins[9].effective_rows() == Approx(25.0 / 13));
  CHECK(bins[5].weight == 0);
  CHECK(std::isnan(bins[5].rate()));
  CHECK(std::isnan(bins[5].rate_interval().lower));
  CHECK(r.upper_edge(0) == Approx(0.1));
  CHECK(r.upper_edge(9) == 1);
}

TEST_CASE("reliability: equal mass never splits ties and keeps bins about equal") {
  mlsd_test::draws random{1};
  std::vector<float> scores(1000);
  for (float& s : scores) s = static_cast<float>(std::pow(random.uniform(), 4));
  reliability r = reliability::equal_mass(8, scores);
  for (const float s : scores) r.update(static_cast<double>(s), 0);
  REQUIRE(r.value().size() == 8);
  for (const auto& b : r.value()) CHECK(b.weight == Approx(125).margin(1));
  const std::vector<float> tied{0.2f, 0.2f, 0.2f, 0.2f, 0.9f};
  CHECK(reliability::equal_mass(4, tied).value().size() == 2);
  CHECK(reliability::equal_mass(4, tied).upper_edge(0) == Approx(0.2));
}

TEST_CASE("reliability: what is left out") {
  reliability r = reliability::equal_width(5);
  for (const double bad : {-0.1, 1.1, std::nan("")}) r.update(bad, 1);
  r.update(0.5, 0.3);
  r.update(0.5, std::nan(""));
  r.update(0.5, 1, -1);
  r.update(0.5, 1, std::nan(""));
  CHECK(r.skipped() == 7);
  CHECK(r.rows() == 0);
  reliability none;
  none.update(0.5, 1);
  CHECK(none.skipped() == 1);
}

TEST_CASE("reliability: Wilson intervals of rates cover") {
  mlsd_test::draws random{2};
  int held = 0;
  constexpr int repeats = 2000;
  for (int k = 0; k < repeats; ++k) {
    mlsd::reliability_bin b;
    for (int i = 0; i < 50; ++i) {
      b.weight += 1;
      b.weight_squared += 1;
      b.observed += random.uniform() < 0.07;
    }
    held += b.rate_interval().contains(0.07);
  }
  CHECK(held / double(repeats) > 0.93);
}

TEST_CASE("reliability is a monoid") {
  mlsd_test::draws random{3};
  const reliability empty = reliability::equal_width(7);
  reliability part[3] = {empty, empty, empty}, whole = empty, none;
  for (int i = 0; i < 600; ++i) {
    const double p = static_cast<double>(random.below(65)) / 64, y = static_cast<double>(random.below(2));
    part[i % 3].update(p, y);  // multiples of 1/64: sums are exact
    whole.update(p, y);
  }
  reliability left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left == part[0]);
  CHECK(left == whole);
  none.merge(whole);
  CHECK(none == whole);
  whole.merge(reliability{});
  CHECK(none == whole);
  CHECK(whole.validate().has_value());
}

TEST_CASE("reliability is a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<reliability, double, double, double>);
  reliability width = reliability::equal_width(4),
              mass = reliability::equal_mass(3, std::vector<float>{0.1f, 0.2f, 0.7f});
  width.update(0.3, 1);
  mass.update(0.3, 1);
  CHECK(mlsd_test::round_trips(reliability{}));
  for (const reliability& r : {width, mass}) {
    CHECK(mlsd_test::round_trips(r));
    const int refused = mlsd_test::mutate(r, 600, [](reliability& loaded) {
      for (const double p : {0.0, 0.15, 0.999, 1.0}) loaded.update(p, 0);
      for (std::size_t i = 0; i < loaded.value().size(); ++i) (void)loaded.upper_edge(i);
    });
    CHECK(refused > 100);
  }
}

}  // namespace test_reliability
