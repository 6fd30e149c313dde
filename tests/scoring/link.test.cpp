#include "mlsd/scoring/link.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>

namespace test_link {

using mlsd::link_function;

TEST_CASE("link: a margin becomes a prediction") {
  CHECK(mlsd::apply(link_function::identity, -3.5) == -3.5);
  CHECK(mlsd::apply(link_function::logistic, 0.0) == 0.5);
  CHECK(mlsd::apply(link_function::logistic, 2.0) ==
        Approx(0.8807970779778823).epsilon(1e-15));  // 1 / (1 + e^-2), by hand
  CHECK(mlsd::apply(link_function::exponential, 1.0) == Approx(2.718281828459045).epsilon(1e-15));
}

TEST_CASE("link: extremes stay in range and NaN stays NaN") {
  const double inf = (std::numeric_limits<double>::infinity)();
  CHECK(mlsd::apply(link_function::logistic, inf) == 1.0);
  CHECK(mlsd::apply(link_function::logistic, -inf) == 0.0);
  CHECK(mlsd::apply(link_function::exponential, -inf) == 0.0);
  CHECK(mlsd::apply(link_function::exponential, inf) == inf);
  for (const link_function l : {link_function::identity, link_function::logistic, link_function::exponential})
    CHECK(std::isnan(mlsd::apply(l, (std::numeric_limits<double>::quiet_NaN)())));
}

TEST_CASE("link: a byte that is no link is told from one") {
  CHECK(mlsd::known(link_function::exponential));
  CHECK_FALSE(mlsd::known(static_cast<link_function>(3)));
  CHECK_FALSE(mlsd::known(static_cast<link_function>(255)));
}

}  // namespace test_link
