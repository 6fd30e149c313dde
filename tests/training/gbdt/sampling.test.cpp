#include "mlsd/training/gbdt/sampling.hpp"

#include "catch.hpp"

#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

namespace test_sampling {

using namespace mlsd;
using detail::row_slope;
using detail::sampling_rules;

TEST_CASE("sampling: rows and features are drawn anew for every tree, in their shares") {
  const sampling_rules rules{.row_fraction = 0.3, .column_fraction = 0.25, .seed = 4};
  std::vector<std::uint32_t> rows, others;
  detail::draw_rows(rules, 0, 10000, {}, rows);
  detail::draw_rows(rules, 1, 10000, {}, others);
  CHECK(static_cast<double>(rows.size()) == Approx(3000).margin(200));
  CHECK(std::is_sorted(rows.begin(), rows.end()));
  CHECK(rows != others);
  std::vector<float> weight(10000, 0.0f);
  weight[7] = 1;
  detail::draw_rows({}, 0, 10000, weight, rows);
  CHECK(rows == std::vector<std::uint32_t>{7});
  struct feature {
    std::uint32_t column = 0;
  };
  std::vector<feature> columns;
  for (std::uint32_t c = 0; c < 8; ++c) columns.push_back({c});
  std::vector<std::uint8_t> allowed;
  std::vector<int> seen(8);
  for (std::uint32_t t = 0; t < 400; ++t) {
    detail::draw_features(rules, t, columns, allowed);
    CHECK(std::accumulate(allowed.begin(), allowed.end(), 0) == 2);
    for (std::size_t f = 0; f < 8; ++f) seen[f] += allowed[f];
  }
  for (const int n : seen) CHECK(n == Approx(100).margin(35));
  columns.resize(3);
  detail::draw_features({.column_fraction = 0.01}, 0, columns, allowed);
  CHECK(std::accumulate(allowed.begin(), allowed.end(), 0) == 1);
}

TEST_CASE("sampling: large slopes stay, the others stand for those that go") {
  const sampling_rules rules{.top_fraction = 0.2, .other_fraction = 0.1, .seed = 2};
  std::vector<std::uint32_t> rows(20000);
  std::iota(rows.begin(), rows.end(), 0u);
  std::vector<row_slope> slopes;
  double before = 0;
  for (const std::uint32_t i : rows) {
    const float g = (i * 7919 % 20000 < 4000 ? 10.0f : 1.0f) + static_cast<float>(i % 10) / 100;
    slopes.push_back(row_slope::of_floats(i % 2 == 0 ? g : -g, 1));
    before += static_cast<double>(g);
  }
  detail::keep_large_slopes(rules, 3, rows, std::span(&slopes, 1));
  CHECK(static_cast<double>(rows.size()) == Approx(6000).margin(200));
  CHECK(std::is_sorted(rows.begin(), rows.end()));
  double after = 0, hessians = 0;
  std::size_t large = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto g = static_cast<double>(std::bit_cast<float>(slopes[i].gradient));
    after += std::fabs(g);
    hessians += static_cast<double>(std::bit_cast<float>(slopes[i].hessian));
    const bool is_large = rows[i] * 7919 % 20000 < 4000;
    large += is_large;
    if (!is_large) CHECK(std::fabs(g) == Approx(8 * (1 + rows[i] % 10 / 100.0)).epsilon(1e-5));  // 8 = (1 - .2) / .1
  }
  CHECK(large == 4000);
  CHECK(after == Approx(before).epsilon(0.02));
  CHECK(hessians == Approx(20000).epsilon(0.05));
  auto same_rows = rows;
  auto same = slopes;
  detail::keep_large_slopes({.top_fraction = 0.5, .other_fraction = 0.5}, 3, same_rows, std::span(&same, 1));
  CHECK(same_rows == rows);  // all of the others stay
}

TEST_CASE("sampling: trees are dropped with the probability asked for, and not too many") {
  sampling_rules rules{.drop_fraction = 0.1, .skip_drop = 0.5, .most_dropped = 50, .seed = 1};
  std::size_t dropped = 0, none = 0;
  for (std::uint32_t t = 0; t < 1000; ++t) {
    const auto d = detail::draw_dropped(rules, t, 100);
    CHECK(std::is_sorted(d.begin(), d.end()));
    if (!d.empty()) CHECK(d.back() < 100);
    dropped += d.size();
    none += d.empty();
  }
  CHECK(static_cast<double>(dropped) == Approx(5000).margin(500));
  CHECK(static_cast<double>(none) == Approx(500).margin(60));
  rules.skip_drop = 0;
  rules.most_dropped = 2;
  dropped = 0;
  for (std::uint32_t t = 0; t < 1000; ++t) dropped += detail::draw_dropped(rules, t, 100).size();
  CHECK(static_cast<double>(dropped) == Approx(2000).margin(200));
  CHECK(detail::draw_dropped(rules, 5, 0).empty());
  CHECK(detail::draw_dropped({}, 5, 10).empty());
}

}  // namespace test_sampling
