#include "mlsd/training/gbdt/split_search.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

#include <vector>

namespace test_split_search {

using namespace mlsd::detail;
using mlsd::random_stream;

/// A leaf's histogram from {gradient, rows} a bin; every hessian is 1.
struct leaf {
  slope_scale scale{100, 1, 1000};
  std::vector<slope_sum> histogram;
  slope_sum total;
  explicit leaf(const std::vector<std::pair<float, int>>& bins) {
    for (const auto& [gradient, rows] : bins) {
      slope_sum s;
      for (int i = 0; i < rows; ++i) s = s + scale.widen(scale(gradient / static_cast<float>(rows), 1));
      histogram.push_back(s);
      total = total + s;
    }
  }
  [[nodiscard]] split_candidate best(const split_rules& rules, const binned_matrix::feature& f) const {
    return split_search(rules, scale, total)(f, 0, histogram.data());
  }
  [[nodiscard]] std::vector<std::uint8_t> left(const split_rules& rules, const binned_matrix::feature& f) const {
    std::vector<std::uint8_t> bins;
    split_search(rules, scale, total).left_bins(f, best(rules, f), histogram.data(), bins);
    return bins;
  }
};

TEST_CASE("split search: gain and side by hand, with ridge, lasso and a minimum of rows") {
  // G = -4 | -4 | 8 over 2 rows each: the best cut is after bin 1; gain 8^2/4 + 8^2/2 - 0 = 48.
  const leaf l({{-4.0f, 2}, {-4.0f, 2}, {8.0f, 2}});
  const binned_matrix::feature f{.ordinary = 3};
  const auto best = l.best({}, f);
  CHECK(best.gain == Approx(48).epsilon(1e-7));
  CHECK(best.bin == 1);
  CHECK(l.best({.l2 = 2}, f).gain == Approx(64.0 / 6 + 64.0 / 4).epsilon(1e-7));
  CHECK(l.best({.l1 = 2}, f).gain == Approx(36.0 / 4 + 36.0 / 2).epsilon(1e-7));
  CHECK(l.best({.min_gain = 47}, f).gain > 0);
  CHECK(l.best({.min_gain = 49}, f).gain == 0);
  CHECK(l.best({.min_rows_in_leaf = 3}, f).gain == 0);
  CHECK(l.best({.min_hessian = 2.5}, f).gain == 0);
  CHECK(l.left({}, f) == std::vector<std::uint8_t>{1, 1, 0, 1});  // NaN, never seen, goes with four rows of six
}

TEST_CASE("split search: a side must have its share of the leaf's hessian, and is never empty") {
  const slope_scale scale(100, 1, 1000);
  const auto bin = [&](float gradient, float hessian, int rows) {
    slope_sum s;
    for (int i = 0; i < rows; ++i) s = s + scale.widen(scale(gradient / static_cast<float>(rows), hessian));
    return s;
  };
  // The best cut leaves 30 rows on the left, of which the loss is so sure that they bend like 10 of the leaf's.
  const std::vector<slope_sum> bins{bin(-9, 0.125f, 30), bin(3, 1, 30), bin(6, 0.6875f, 30)};
  slope_sum total;
  for (const slope_sum& b : bins) total = total + b;
  const binned_matrix::feature number{.ordinary = 3}, category{.is_code = true, .ordinary = 3};
  const auto best = [&](const split_rules& rules, const binned_matrix::feature& f) {
    return split_search(rules, scale, total)(f, 0, bins.data());
  };
  // 90 rows bend 54.375: the left one is worth 6.2 rows.
  CHECK(best({.min_rows_in_leaf = 6}, number).bin == 0);
  CHECK(best({.min_rows_in_leaf = 7}, number).bin == 1);
  CHECK(best({.min_rows_in_leaf = 6}, category).bin == 0);
  CHECK(best({.min_rows_in_leaf = 7}, category).bin != 0);
  for (const auto& f : {number, category}) {
    const std::vector<slope_sum> one{slope_sum{}, total, slope_sum{}};
    CHECK(split_search({}, scale, total)(f, 0, one.data()).gain == 0);
    CHECK(split_search({.min_rows_in_leaf = 0}, scale, total)(f, 0, one.data()).gain == 0);
  }
}

TEST_CASE(
    "split search: each bin's rows are counted to the nearest; where nothing bends, they are counted themselves") {
  const slope_scale scale(100, 1, 1000);
  const auto rows_of = [&](float gradient, float hessian, int n) {
    slope_sum s;
    for (int i = 0; i < n; ++i) s = s + scale.widen(scale(gradient, hessian));
    return s;
  };
  const auto gain = [&](const std::vector<slope_sum>& bins, std::uint64_t fewest) {
    slope_sum total;
    for (const slope_sum& b : bins) total = total + b;
    const binned_matrix::feature f{.ordinary = static_cast<std::uint32_t>(bins.size())};
    return split_search({.l2 = 1, .min_rows_in_leaf = fewest}, scale, total)(f, 0, bins.data()).gain;
  };
  // Two bins of one row that bend by 0.8 of the mean of 8 rows are two rows.
  const std::vector<slope_sum> uneven{rows_of(-9, 0.375f, 1), rows_of(-9, 0.375f, 1), rows_of(1, 0.5f, 6)};
  CHECK(gain(uneven, 2) > 0);
  CHECK(gain(uneven, 3) == 0);
  const std::vector<slope_sum> flat{rows_of(-9, 0, 3), rows_of(1, 0, 4)};
  CHECK(gain(flat, 3) > 0);
  CHECK(gain(flat, 4) == 0);
}

TEST_CASE("split search: half of the fewest rows must be there as such, however much they bend") {
  const slope_scale scale(100, 1, 1000);
  slope_sum few, others;
  for (int i = 0; i < 9; ++i) few = few + scale.widen(scale(-9, 1));
  for (int i = 0; i < 91; ++i) others = others + scale.widen(scale(1, 0.125f));  // the few are worth 44 rows
  const binned_matrix::feature number{.ordinary = 2}, code{.is_code = true, .ordinary = 2},
      against_missing{.has_special = true, .ordinary = 1};
  for (const auto& bins : {std::vector<slope_sum>{few, others}, std::vector<slope_sum>{others, few}})
    for (const auto& f : {number, code, against_missing})
      for (const bool monotone : {false, true})
        for (const std::uint32_t one_hot : {0u, 4u}) {
          const auto gain = [&](std::uint64_t fewest) {
            const split_rules rules{
                .l2 = 1, .min_rows_in_leaf = fewest, .one_hot_categories = one_hot, .monotone = monotone};
            return split_search(rules, scale, few + others)(f, 0, bins.data()).gain;
          };
          CHECK(gain(18) > 0);
          CHECK(gain(19) == 0);
        }
}

TEST_CASE("split search: rows that all want the same are not split on rounding") {
  random_stream random(12);
  for (int round = 0; round < 300; ++round) {
    const slope_scale scale(100, 1, 1000);
    const auto slope = scale(static_cast<float>(random.normal() * 30), static_cast<float>(random.uniform() + 0.01));
    std::vector<slope_sum> bins(20);
    slope_sum total;
    for (slope_sum& b : bins) {
      for (auto rows = static_cast<int>(random.uniform() * 20); rows > 0; --rows) b = b + scale.widen(slope);
      total = total + b;
    }
    const binned_matrix::feature number{.has_special = true, .ordinary = 19}, code{.is_code = true, .ordinary = 20};
    for (const split_rules& rules : {split_rules{}, split_rules{.monotone = true}}) {
      const double says = rules.value(scale.gradient(total), scale.hessian(total), 0);
      CHECK(split_search(rules, scale, total, says)(number, 0, bins.data()).gain == 0);
      CHECK(split_search(rules, scale, total, says)(code, 0, bins.data()).gain == 0);
    }
  }
}

TEST_CASE("split search: NaN is tried on both sides, and alone") {
  const binned_matrix::feature f{.has_special = true, .ordinary = 2};
  CHECK(leaf({{-5.0f, 5}, {5.0f, 5}, {5.0f, 5}}).left({}, f) == std::vector<std::uint8_t>{1, 0, 0});
  CHECK(leaf({{-5.0f, 5}, {5.0f, 5}, {-5.0f, 5}}).left({}, f) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(leaf({{-5.0f, 5}, {-5.0f, 5}, {5.0f, 5}}).left({}, f) == std::vector<std::uint8_t>{1, 1, 0});
}

TEST_CASE("split search: where a leaf has no NaN, it goes with more rows") {
  const binned_matrix::feature f{.has_special = true, .ordinary = 2};
  CHECK(leaf({{-5.0f, 7}, {5.0f, 5}, {0.0f, 0}}).left({}, f) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(leaf({{-5.0f, 5}, {5.0f, 7}, {0.0f, 0}}).left({}, f) == std::vector<std::uint8_t>{1, 0, 0});
}

TEST_CASE("split search: the best subset of categories, found among all of them") {
  const std::vector<std::pair<float, int>> bins{{-3.0f, 9}, {4.0f, 9}, {-2.0f, 9}, {3.5f, 9}, {-1.0f, 9}, {0.5f, 9}};
  const leaf l(bins);
  const binned_matrix::feature f{.is_code = true, .ordinary = 6};
  double best = 0;
  for (unsigned subset = 1; subset < 63; ++subset) {  // all of them
    double g = 0, h = 0;
    for (unsigned k = 0; k < 6; ++k)
      if ((subset >> k & 1) != 0) g += static_cast<double>(bins[k].first), h += 9;
    best = (std::max)(best, g * g / h + (2 - g) * (2 - g) / (54 - h) - 4.0 / 54);
  }
  const split_rules rules{.one_hot_categories = 0};
  CHECK(l.best(rules, f).gain == Approx(best).epsilon(1e-6));
  const auto left = l.left(rules, f);
  const bool low = left == std::vector<std::uint8_t>{1, 0, 1, 0, 1, 0, 0};
  const bool high = left == std::vector<std::uint8_t>{0, 1, 0, 1, 0, 0, 0};  // at most half of them go left
  CHECK((low || high));
}

TEST_CASE("split search: few categories are split off one by one") {
  const leaf l({{-3.0f, 9}, {4.0f, 9}, {-2.0f, 9}});
  const binned_matrix::feature f{.is_code = true, .ordinary = 3};
  CHECK(l.left({.one_hot_categories = 4}, f) == std::vector<std::uint8_t>{0, 1, 0, 0});
}

TEST_CASE("split search: rare categories stay right") {
  const leaf l({{-30.0f, 5}, {-8.0f, 40}, {8.0f, 40}, {8.0f, 40}, {1.0f, 40}});
  const binned_matrix::feature f{.is_code = true, .ordinary = 5};
  const auto left = l.left({.category_smoothing = 10, .one_hot_categories = 0}, f);
  CHECK(left[0] == 0);
}

TEST_CASE("split search: one bin, no gain") {
  const leaf l({{3.0f, 9}});
  CHECK(l.best({}, {.ordinary = 1}).gain == 0);
  CHECK(leaf({{3.0f, 5}, {3.0f, 5}}).best({}, {.ordinary = 2}).gain <= 1e-6);
}

TEST_CASE("split search: ties go to the first column, wherever it stands among the features") {
  split_candidate first, other;
  first.gain = other.gain = 2;
  first.feature = 5, first.column = 1;
  other.feature = 2, other.column = 8;
  CHECK(first.beats(other));
  CHECK_FALSE(other.beats(first));
  first.gain = other.gain = 0;
  CHECK_FALSE(first.beats(other));
}

}  // namespace test_split_search
