#include "mlsd/scoring/link.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

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
  CHECK(mlsd::known(link_function::softmax));
  CHECK_FALSE(mlsd::known(static_cast<link_function>(4)));
  CHECK_FALSE(mlsd::known(static_cast<link_function>(255)));
}

TEST_CASE("link: a row of margins becomes a row of predictions") {
  std::vector<double> row{0, 2};
  mlsd::apply_in_place(link_function::logistic, row);
  CHECK(row == std::vector<double>{0.5, mlsd::apply(link_function::logistic, 2.0)});
  row = {-3.5, 7};
  mlsd::apply_in_place(link_function::identity, row);
  CHECK(row == std::vector<double>{-3.5, 7});
  row = {1, 1, 1, 1};
  mlsd::apply_in_place(link_function::softmax, row);
  CHECK(row == std::vector<double>(4, 0.25));
  CHECK(mlsd::is_of_one_margin(link_function::exponential));
  CHECK_FALSE(mlsd::is_of_one_margin(link_function::softmax));
}

}  // namespace test_link
