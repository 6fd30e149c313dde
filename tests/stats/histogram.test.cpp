#include "mlsd/stats/histogram.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_histogram {

using mlsd::bin_edges;
using mlsd::histogram;

TEST_CASE("bin_edges are closed on the right, with few edges and with many") {
  for (const int k : {3, 40}) {
    std::vector<double> edges;
    for (int i = 0; i < k; ++i) edges.push_back(i);
    const bin_edges b(edges);
    CHECK(b.bins() == edges.size() + 1);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      CHECK(b(edges[i]) == i);
      CHECK(b(std::nextafter(edges[i], 1e9)) == i + 1);
    }
    CHECK(b(-std::numeric_limits<double>::infinity()) == 0);
    CHECK(b(std::numeric_limits<double>::infinity()) == edges.size());
    CHECK(b(-0.0) == b(0.0));
  }
}

TEST_CASE("bin_edges of equal width and of equal mass") {
  const bin_edges width = bin_edges::equal_width(4, {0, 1});
  CHECK(std::vector<double>(width.edges().begin(), width.edges().end()) == std::vector<double>{0.25, 0.5, 0.75});
  std::vector<double> x;
  for (int i = 1; i <= 100; ++i) x.push_back(i);
  const auto sample = mlsd::sorted_sample::from(std::span<const double>(x));
  histogram h(bin_edges::equal_mass(10, sample));
  for (const double v : x) h.update(v);
  for (const double w : h.value()) CHECK(w == 10);
  const std::vector<double> constant(5, 2.0);
  CHECK(bin_edges::equal_mass(10, mlsd::sorted_sample::from(std::span<const double>(constant))).bins() == 2);
  CHECK(bin_edges::equal_mass(10, mlsd::sorted_sample{}).bins() == 1);
}

TEST_CASE("histogram: weights, missing values, bad weights") {
  histogram h(bin_edges({0, 1}));
  h.update(0.5, 2);
  h.update(5);
  h.update(std::nan(""), 3);
  h.update(1, -1);
  h.update(1, std::nan(""));
  CHECK(std::vector<double>(h.value().begin(), h.value().end()) == std::vector<double>{0, 2, 1});
  CHECK(h.missing() == 3);
  CHECK(h.weight() == 6);
  CHECK(h.effective_rows() == Approx(36.0 / 14));
  CHECK(h.skipped() == 2);
  CHECK(h.validate().has_value());
}

TEST_CASE("histogram is a monoid, exact for counts") {
  mlsd_test::draws random{2};
  const histogram empty(bin_edges::equal_width(20, {-3, 3}));
  histogram part[3] = {empty, empty, empty}, whole = empty;
  for (int i = 0; i < 500; ++i) {
    const double x = random.normal();
    part[i % 3].update(x);
    whole.update(x);
  }
  histogram left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left == part[0]);
  CHECK(left == whole);
  histogram none;
  none.merge(whole);
  CHECK(none == whole);
  whole.merge(histogram{});
  CHECK(none == whole);
}

TEST_CASE("histogram is a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<histogram, double, double>);
  histogram h(bin_edges({0, 1, 2}));
  h.update(0.5, 2);
  CHECK(mlsd_test::round_trips(h));
  const int refused = mlsd_test::mutate(h, 600, [](histogram& loaded) {
    for (const double x : {-1e300, 0.0, 1e300, std::nan("")}) loaded.update(x);
  });
  CHECK(refused > 100);
}

}  // namespace test_histogram
