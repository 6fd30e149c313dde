#include "mlsd/training/gbdt/bins.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace test_gbdt_bins {

using mlsd::detail::code_bins;
using mlsd::detail::number_bins;
using values = std::vector<std::pair<float, float>>;

constexpr float inf = (std::numeric_limits<float>::infinity)(), largest = (std::numeric_limits<float>::max)();

TEST_CASE("gbdt bins: few distinct values have one bin each, cut halfway") {
  const number_bins b(values{{5, 1}, {1, 1}, {2, 1}, {2, 1}}, 255);
  REQUIRE(b.ordinary() == 3);
  CHECK(b.upper(0) == 1.5f);
  CHECK(b.upper(1) == 3.5f);
  CHECK(b.upper(2) == inf);
  CHECK(b(1.5f) == 0);
  CHECK(b(1.5000001f) == 1);
  CHECK(b(-inf) == 0);
  CHECK(b(inf) == 2);
  CHECK(b((std::numeric_limits<float>::quiet_NaN)()) == 3);
}

TEST_CASE("gbdt bins: neighbours in float, both zeros and infinities are cut without overlap") {
  const float next = std::nextafter(1.0f, 2.0f);
  const number_bins b(
      values{{1, 1}, {next, 1}, {inf, 1}, {-inf, 1}, {0.0f, 1}, {-0.0f, 1}, {largest, 1}, {-largest, 1}}, 255);
  REQUIRE(b.ordinary() == 7);  // -inf -max 0 1 next max inf
  CHECK(b(-inf) == 0);
  CHECK(b(-largest) == 1);
  CHECK(b(-0.0f) == 2);
  CHECK(b(0.0f) == 2);
  CHECK(b(1) == 3);
  CHECK(b(next) == 4);
  CHECK(b(largest) == 5);
  CHECK(b(inf) == 6);
}

TEST_CASE("gbdt bins: zeros may be missing, as NaN is") {
  constexpr float nan = (std::numeric_limits<float>::quiet_NaN)();
  const mlsd::detail::missing_numbers or_zero{1e-35f};
  for (const values& v : {values{{-2, 1}, {3, 1}}, values{{-2, 1}, {3, 1}, {4, 1}}}) {
    const number_bins b(v, 255, {}, or_zero);
    std::vector<float> column;
    for (int i = 0; i < 70; ++i)
      for (const float x : {0.0f, -0.0f, 1e-35f, -1e-35f, 1e-40f, nan, -2.0f, -1e-34f, 3.0f, 1.0f}) column.push_back(x);
    std::vector<std::uint8_t> bins(column.size());
    b.fill(column, bins.data());
    for (std::size_t i = 0; i < column.size(); ++i) {
      CHECK(bins[i] == b(column[i]));
      CHECK((bins[i] == b.ordinary()) == (i % 10 < 6));
    }
    CHECK(number_bins(v, 255)(0.0f) == 0);
  }
}

TEST_CASE("gbdt bins: bin <= k is x <= upper(k), for any x") {
  values v;
  for (int i = 0; i < 5000; ++i) v.push_back({static_cast<float>((i * 7919) % 5000) * 0.37f - 500, 1});
  const number_bins b(v, 255);
  CHECK(b.ordinary() == 255);
  std::size_t wrong = 0;
  for (const auto& [x, w] : v)
    for (const float y : {x, std::nextafter(x, inf), std::nextafter(x, -inf)})
      for (std::size_t k = 0; k < b.ordinary(); ++k) wrong += (b(y) <= k) != (y <= b.upper(k));
  CHECK(wrong == 0);
}

TEST_CASE("gbdt bins: many values share bins evenly, heavy ones stand alone") {
  values v;
  for (int i = 0; i < 10000; ++i) v.push_back({static_cast<float>(i), 1});
  v.push_back({5000.5f, 4000});
  const number_bins b(v, 100);
  CHECK(b.ordinary() <= 100);
  CHECK(b.ordinary() >= 90);
  const auto heavy = b(5000.5f);
  std::vector<int> count(101);
  for (int i = 0; i < 10000; ++i) ++count[b(static_cast<float>(i))];
  CHECK(count[heavy] <= 101);  // what it could not avoid: less than half a bin before it
  for (const int n : count) CHECK(n <= 210);
}

TEST_CASE("gbdt bins: zero and values of unlike sign do not share a bin, where there are bins to spare") {
  values v;
  for (int i = 1; i <= 7000; ++i) v.push_back({-static_cast<float>(i), 1}), v.push_back({static_cast<float>(i) / 3, 1});
  const number_bins signs(v, 255);
  CHECK(signs.ordinary() == 255);
  CHECK(signs(-1) + 1 == signs(1.0f / 3));
  v.push_back({0, 1});
  v.push_back({-0.0f, 1});
  const number_bins zero(v, 255), few(v, 2);
  CHECK(zero.ordinary() == 255);
  CHECK(zero(-1) + 1 == zero(0));
  CHECK(zero(0) + 1 == zero(1.0f / 3));
  CHECK(few.upper(0) == Approx(0).margin(1));
  for (auto& value : v) value.first += 6000;
  CHECK(number_bins(v, 2).upper(0) == Approx(6000).margin(1));  // two halves, wherever zero is
}

TEST_CASE("gbdt bins: a column at a time is one value at a time") {
  std::vector<float> x;
  for (int i = 0; i < 1000; ++i) x.push_back(i % 7 == 0 ? std::nanf("") : static_cast<float>(i * 37 % 100));
  x[3] = inf, x[4] = -inf, x[5] = -0.0f, x[6] = 1e-40f, x[8] = -1e-40f, x[9] = largest;
  for (const int distinct : {2, 3, 4, 5, 90, 255})
    for (const bool has_ends : {false, true}) {
      values few;
      for (int i = 0; i < 900; ++i) few.push_back({static_cast<float>(i % distinct), 1});
      for (const float end : {-inf, inf, -0.0f, 1e-40f})
        if (has_ends) few.push_back({end, 1});
      const number_bins b(few, 255);
      CHECK((has_ends || b.ordinary() == static_cast<std::size_t>(distinct)));
      std::vector<std::uint8_t> bins(x.size());
      b.fill(x, bins.data());
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < x.size(); ++i) wrong += bins[i] != b(x[i]);
      CHECK(wrong == 0);
    }
}

TEST_CASE("gbdt bins: nothing, one value") {
  CHECK(number_bins(values{}, 255).ordinary() == 1);
  CHECK(number_bins(values{{3, 1}, {3, 2}}, 255).ordinary() == 1);
}

TEST_CASE("gbdt bins: the heaviest categories have bins, ties by code") {
  const std::vector<double> weight{5, 0, 9, 5, 1, 1};
  const code_bins b(weight, 3, 3);
  REQUIRE(b.ordinary() == 3);
  CHECK(b.code(0) == 2);
  CHECK(b.code(1) == 0);
  CHECK(b.code(2) == 3);
  CHECK(b.has_rare());
  CHECK(b(2) == 0);
  CHECK(b(4) == 3);
  CHECK(b(1) == 3);
  CHECK(b(77) == 3);  // beyond the cardinality
  CHECK_FALSE(code_bins(weight, 255, 4096).has_rare());
  // 100 categories of weight 1: 10 always, then up to 99 %.
  CHECK(code_bins(std::vector<double>(100, 1.0), 10, 4096).ordinary() == 99);
  CHECK(code_bins(std::vector<double>(100, 1.0), 10, 50).ordinary() == 50);
}

}  // namespace test_gbdt_bins
