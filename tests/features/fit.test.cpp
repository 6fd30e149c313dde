#include "mlsd/features/fit.hpp"
#include "catch.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/features/standardize.hpp"
#include "mlsd/features/target_encode.hpp"

#include <array>
#include <string>
#include <vector>

namespace test_fit {
using namespace mlsd;

std::vector<float> labels(std::size_t n) {
  std::vector<float> y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 7 == 0 ? 1.0f : 0.0f;
  return y;
}

TEST_CASE("every fold has its share of each class, and of each stretch of rows", "[features]") {
  for (const std::uint32_t folds : {2u, 5u, 255u}) {
    const std::size_t n = 7 * 4 * folds;
    const auto y = labels(n);
    const auto fold = detail::assign_folds(n, folds, 3, y, {});
    std::vector<std::array<int, 2>> rows(folds);
    for (std::size_t i = 0; i < n; ++i) ++rows.at(fold[i])[y[i] > 0.5f];
    for (const auto& r : rows) {
      CHECK(r[1] == 4);
      CHECK(r[0] == 24);
    }
  }
  CHECK(detail::assign_folds(100, 5, 3, labels(100), {}) == detail::assign_folds(100, 5, 3, labels(100), {}));
  CHECK(detail::assign_folds(100, 5, 3, labels(100), {}) != detail::assign_folds(100, 5, 4, labels(100), {}));
}

TEST_CASE("groups stay whole, and every fold has its share of them", "[features]") {
  std::vector<std::uint32_t> group(600);
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = static_cast<std::uint32_t>(i * 7 % 60);
  const auto fold = detail::assign_folds(group.size(), 5, 1, labels(group.size()), group);
  std::vector<int> fold_of(60, -1), groups(5);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (fold_of[group[i]] < 0) ++groups[fold[i]];
    CHECK((fold_of[group[i]] < 0 || fold_of[group[i]] == fold[i]));
    fold_of[group[i]] = fold[i];
  }
  for (const int g : groups) CHECK(g == 12);
  // Two groups are never in one fold, whatever the seed.
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<std::uint32_t> two{0, 1};
    const auto f = detail::assign_folds(2, 5, seed, labels(2), two);
    CHECK(f[0] != f[1]);
  }
}

TEST_CASE("a row's own label never reaches its out-of-fold value", "[features]") {
  const std::size_t n = 60;
  std::vector<std::string> text(n);
  for (std::size_t i = 0; i < n; ++i) text[i] = std::to_string(i % 4);
  const auto value = [&](std::size_t i) { return category(text[i]); };
  const auto fold = detail::assign_folds(n, 5, 0, labels(n), {});
  const auto encoded = [&](const std::vector<float>& y) {
    sequential one;
    const auto crossed = detail::cross_fit(target_encode{.smoothing = 3}, value, {y, {}}, fold, 5, one).value();
    std::vector<float> out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = crossed.without[fold[i]](value(i));
    return out;
  };
  const auto before = encoded(labels(n));
  for (std::size_t flipped = 0; flipped < n; flipped += 11) {
    auto y = labels(n);
    y[flipped] = 1 - y[flipped];
    const auto after = encoded(y);
    for (std::size_t i = 0; i < n; ++i)
      if (fold[i] == fold[flipped]) CHECK(after[i] == before[i]);  // neither its own nor its fold's values
    CHECK(after != before);
  }
}

TEST_CASE("statistics do not depend on the number of threads", "[features][threads]") {
  const std::size_t n = 3 * detail::fit_grain + 17;
  const auto value = [](std::size_t i) { return static_cast<float>(i * 2654435761u % 1000) / 16; };
  const auto fit = [&](auto&& ex) { return detail::fit_one(standardize{}, n, value, {}, ex).value(); };
  const auto alone = fit(sequential{});
  for (const std::size_t count : {1u, 2u, 3u}) {
    threads pool(count);
    const auto together = fit(pool);
    CHECK(together.mean == alone.mean);
    CHECK(together.inverse == alone.inverse);
  }
}

TEST_CASE("a fused configuration is fitted from left to right", "[features]") {
  struct shift {
    float operator()(float x) const noexcept { return x + 100; }
  };
  const auto spec = then(shift{}, standardize{});
  sequential one;
  const auto f = detail::fit_one(
                     spec, 5, [](std::size_t i) { return static_cast<float>(i); }, {}, one)
                     .value();
  CHECK(f.second.mean == 102);
  CHECK(f(2.0f) == 0);
}

}  // namespace test_fit
