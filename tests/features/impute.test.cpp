#include "mlsd/features/impute.hpp"
#include "catch.hpp"
#include "golden_table.hpp"
#include "mlsd/archive/binary.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_impute {
using namespace mlsd;

constexpr float nan = (std::numeric_limits<float>::quiet_NaN)();
constexpr float inf = (std::numeric_limits<float>::infinity)();

float fill(impute how, const std::vector<float>& values, const std::vector<float>& weights = {}) {
  return how.fit(values, weights).value().fill;
}

TEST_CASE("NaN becomes the statistic of the other values", "[features]") {
  const std::vector<float> x{4, nan, 1, 1, 10};
  CHECK(fill({impute::mean}, x) == 4);
  CHECK(fill({impute::median}, x) == 2.5f);
  CHECK(fill({impute::most_frequent}, x) == 1);
  CHECK(fill({.by = impute::constant, .value = -1}, x) == -1);
  CHECK(fill({impute::most_frequent}, {5, 3, 3, 5}) == 3);  // the smallest of equals
  CHECK(fill({impute::median}, {inf, -inf, 2}) == 2);
  CHECK(fill({impute::mean}, {inf, 2, 4}) == 3);
  CHECK(fill({impute::median}, {inf, inf}) == inf);
  const impute::fitted f = impute{}.fit(x, {}).value();
  CHECK(f(nan) == 2.5f);
  CHECK(f(-inf) == -inf);
  CHECK(f(7) == 7);
  CHECK(f.rows == 5);
  CHECK(f.missing == 1);
  static_assert(is_missing{}(nan) == 1 && is_missing{}(0) == 0);
}

TEST_CASE("a weight counts its value as often", "[features]") {
  const std::vector<float> x{4, nan, 1, 9, 2, 7}, w{2, 5, 1, 0, 3, 2};
  std::vector<float> repeated;
  for (std::size_t i = 0; i < x.size(); ++i) repeated.insert(repeated.end(), static_cast<std::size_t>(w[i]), x[i]);
  for (const auto how : {impute::mean, impute::median, impute::most_frequent})
    CHECK(fill({how}, x, w) == fill({how}, repeated));
}

TEST_CASE("a column without values cannot be imputed but by a constant", "[features]") {
  for (const std::vector<float>& x : {std::vector<float>{nan, nan}, std::vector<float>{}}) {
    for (const auto how : {impute::mean, impute::median, impute::most_frequent}) {
      const auto failed = impute{how}.fit(x, {});
      REQUIRE_FALSE(failed);
      CHECK(failed.error().code == errc::empty);
    }
    CHECK(fill({.by = impute::constant, .value = 3}, x) == 3);
  }
  CHECK_FALSE(impute{impute::mean}.fit(std::vector<float>{1, nan}, std::vector<float>{0, 1}));  // no weight
}

TEST_CASE("impute fills as scikit-learn's SimpleImputer", "[features]") {
  const mlsd_test::golden_table train("features/numeric/train.csv"), test("features/numeric/test.csv");
  if (train.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const std::vector<std::pair<impute, const char*>> cases{
      {{impute::mean}, "features/numeric/impute_mean.out.csv"},
      {{impute::median}, "features/numeric/impute_median.out.csv"},
      {{impute::most_frequent}, "features/numeric/impute_most_frequent.out.csv"}};
  for (const auto& [how, file] : cases) {
    const mlsd_test::golden_table expected(file);
    const char* names[] = {"normal", "lognorm", "const", "ties", "tiny", "hugemean", "cauchy", "zeroinf"};
    for (std::size_t j = 0; j < 8; ++j) {
      const auto from = train.numbers(names[j]), to = test.numbers(names[j]);
      const auto wanted = expected.numbers("o" + std::to_string(j));
      const std::vector<float> values(from.begin(), from.end());
      if (how.by == impute::most_frequent && std::string_view(names[j]) == "hugemean") continue;  // ties in float
      const auto f = how.fit(values, {}).value();
      for (std::size_t i = 0; i < to.size(); ++i) {
        if (std::abs(to[i]) > 3e38 || (to[i] != 0 && std::abs(to[i]) < 1e-37)) continue;  // no float
        INFO(file << ", " << names[j] << ", row " << i);
        CHECK(f(static_cast<float>(to[i])) == Approx(wanted[i]).epsilon(3e-7));
      }
    }
  }
}

}  // namespace test_impute
