#include "mlsd/features/standardize.hpp"
#include "catch.hpp"
#include "golden_table.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_standardize {
using namespace mlsd;

standardize::fitted fit(const std::vector<float>& x, const std::vector<float>& w = {}) {
  standardize::statistics s;
  for (std::size_t i = 0; i < x.size(); ++i) standardize{}.observe(s, x[i], w.empty() ? 1.0f : w[i]);
  return standardize{}.fit(s);
}

TEST_CASE("mean 0 and deviation 1 on the training rows", "[features]") {
  const auto f = fit({2, 4, 6, 8});
  CHECK(f.mean == 5);
  CHECK(f(5) == 0);
  CHECK(f(8) == Approx(3 / std::sqrt(5.0)));
  CHECK(std::isnan(f(std::nanf(""))));
}

TEST_CASE("a constant becomes 0, whatever its weight and size", "[features]") {
  for (const float c : {0.0f, 0.1f, -3.25f, 1e9f, 3e38f, 1e-30f}) {
    const auto f = fit({c, c, c, c, c}, {0.1f, 3, 0.7f, 1e-9f, 2});
    INFO(c);
    CHECK(f(c) == 0);
  }
  CHECK(fit({})(2) == 2);
}

TEST_CASE("NaN, infinity and rows of no weight do not take part", "[features]") {
  constexpr float inf = (std::numeric_limits<float>::infinity)();
  const auto clean = fit({1, 2, 4}), odd = fit({1, std::nanf(""), 2, inf, -inf, 4, 99}, {1, 1, 1, 1, 1, 1, 0});
  CHECK(odd.mean == clean.mean);
  CHECK(odd.inverse == clean.inverse);
}

TEST_CASE("a weight counts its row as often", "[features]") {
  const auto weighted = fit({1, 5, 9}, {3, 1, 2}), repeated = fit({1, 1, 1, 5, 9, 9});
  CHECK(weighted.mean == Approx(repeated.mean));
  CHECK(weighted.inverse == Approx(repeated.inverse));
}

TEST_CASE("parts merge to the whole", "[features]") {
  standardize::statistics whole, left, right;
  for (int i = 0; i < 1000; ++i) {
    const auto x = static_cast<float>((i * 7919) % 1009) + 1e6f;
    standardize{}.observe(whole, x, 1);
    standardize{}.observe(i < 300 ? left : right, x, 1);
  }
  left.merge(right);
  CHECK(left.weight == whole.weight);
  CHECK(left.mean == Approx(whole.mean).epsilon(1e-14));
  CHECK(left.squares == Approx(whole.squares).epsilon(1e-10));
  standardize::statistics empty;
  empty.merge(left);
  CHECK(empty.squares == left.squares);
  CHECK(empty.mean == left.mean);
}

TEST_CASE("standardize scales as scikit-learn's StandardScaler", "[features]") {
  const mlsd_test::golden_table train("features/numeric/train.csv"), test("features/numeric/test.csv"),
      expected("features/numeric/standard.out.csv");
  if (train.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const char* names[] = {"normal", "lognorm", "const", "ties", "tiny", "hugemean", "cauchy", "zeroinf"};
  for (std::size_t j = 0; j < 8; ++j) {
    if (std::string_view(names[j]) == "hugemean") continue;  // its spread is below the step of a float
    const auto from = train.numbers(names[j]), to = test.numbers(names[j]),
               wanted = expected.numbers("o" + std::to_string(j));
    const auto f = fit({from.begin(), from.end()});
    for (std::size_t i = 0; i < to.size(); ++i) {
      INFO(names[j] << ", row " << i);
      if (std::isnan(wanted[i]))
        CHECK(std::isnan(f(static_cast<float>(to[i]))));
      else if (std::abs(to[i]) < 3e38)
        CHECK(f(static_cast<float>(to[i])) == Approx(wanted[i]).epsilon(2e-6).margin(1e-6));
    }
  }
}

}  // namespace test_standardize
