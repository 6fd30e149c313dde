#include "mlsd/testing/laws/merge.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"

#include <array>
#include <limits>

namespace test_laws_merge {
using namespace mlsd;

struct sum {
  double total = 0;
  void merge(const sum& o) { total += o.total; }
  [[nodiscard]] double value() const { return total; }
};
struct starts_at_one : sum {
  starts_at_one(double x = 1) : sum{x} {}
};
struct mean_of_means : sum {
  void merge(const mean_of_means& o) { total = (total + o.total) / 2; }
};
struct keeps_last : sum {
  void merge(const keeps_last& o) { total = o.total; }
};

template <class S> std::array<S, 3> three(double a, double b, double c) {
  S x, y, z;
  x.total = a, y.total = b, z.total = c;
  return {x, y, z};
}
template <class S> result<void> law(const std::array<S, 3>& parts, std::uint64_t ulps = 0) {
  return laws::merges_as_monoid(std::span<const S>(parts), ulps);
}

TEST_CASE("the law of monoids holds for the archetype and a sum, and catches the broken", "[testing]") {
  std::array<archetypes::monitor, 3> monitors;
  monitors[0].update(1);
  monitors[2].update(1);
  CHECK(laws::merges_as_monoid(std::span<const archetypes::monitor>(monitors)));
  CHECK(law(three<sum>(1, 2, 3)));
  CHECK_FALSE(law(three<sum>(0.1, 0.2, 0.3)));  // rounding: associative within an ulp, not exactly
  CHECK(law(three<sum>(0.1, 0.2, 0.3), 1));
  CHECK(law(three<sum>(1, 2, 3)).has_value());
  CHECK_FALSE(law(three<starts_at_one>(1, 2, 3)));
  const auto caught = law(three<mean_of_means>(1, 2, 3));
  REQUIRE_FALSE(caught);
  CHECK(caught.error().message.find("empty + a == a: part 0: 0.5 and 1") == 0);
  CHECK_FALSE(law(three<keeps_last>(1, 2, 3)));
}

TEST_CASE("ulps are counted across zero, and NaN equals NaN only", "[testing]") {
  using laws::detail::is_within;
  CHECK(is_within(0.0, -0.0, 0));
  CHECK(is_within(5e-324, -5e-324, 2));
  CHECK_FALSE(is_within(5e-324, -5e-324, 1));
  CHECK(is_within(1.0, 1.0 + 2 * std::numeric_limits<double>::epsilon(), 2));
  CHECK_FALSE(is_within(1.0, -1.0, 1'000'000));
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK(is_within(nan, nan, 0));
  CHECK_FALSE(is_within(nan, 1, ~std::uint64_t{0}));
  CHECK(is_within(inf, (std::numeric_limits<double>::max)(), 1));
  CHECK_FALSE(is_within(-inf, inf, 1));
}

TEST_CASE("ranges of numbers are compared place by place", "[testing]") {
  const std::array<sum, 3> parts{};
  const auto list = [](const sum& s) { return std::array<double, 2>{s.total, 1}; };
  CHECK(laws::merges_as_monoid(std::span<const sum>(parts), list));
  CHECK(laws::detail::difference(std::array<double, 2>{1, 2}, std::array<double, 2>{1, 3}, 0) == "value 1: 2 and 3");
}

}  // namespace test_laws_merge
