#include "mlsd/scoring/gbdt/tree_cells.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test_tree_cells {

using namespace mlsd;
using detail::threshold_key;
using detail::tree_cells;

TEST_CASE("tree cells: for floats, keys decide as thresholds in double do") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const float most = (std::numeric_limits<float>::max)(), least = std::numeric_limits<float>::denorm_min();
  std::vector<double> thresholds{0.0,    -0.0,    inf, -inf, 1e300,       -1e300,
                                 1e-300, -1e-300, 0.1, 1.5,  1.5 + 1e-12, 1.5 - 1e-12};
  std::vector<float> xs{
      0.0f, -0.0f, least, -least, most, -most, 0.1f, 1.5f, static_cast<float>(inf), static_cast<float>(-inf)};
  for (const double t : {static_cast<double>(most), static_cast<double>(-most)})
    for (const double to : {-inf, t, inf}) thresholds.push_back(std::nextafter(t, to));
  for (std::size_t i = 0, n = xs.size(); i < n; ++i)
    for (const float to : {most, -most}) xs.push_back(std::nextafter(xs[i], to));
  for (const float x : xs) thresholds.push_back(static_cast<double>(x));
  std::size_t wrong = 0;
  for (const double t : thresholds)
    for (const float x : xs) wrong += (ordered_key(x) <= threshold_key(t)) != (static_cast<double>(x) <= t);
  CHECK(wrong == 0);
  CHECK(threshold_key(-inf) > 0);                   // below it is room for what is missing and goes left
  CHECK(threshold_key(inf) < detail::largest_key);  // and above it for what goes right
}

TEST_CASE("tree cells: one for each column and side of NaN, one for each column of categories") {
  gbdt_tree tree;
  tree.splits = {{.feature = 0, .left = 1, .right = -1},
                 {.feature = 0, .left = 2, .right = -2, .nan_left = true},
                 {.feature = 0, .left = 3, .right = -3, .test = gbdt_test::number_or_zero},
                 {.feature = 1, .left = 4, .right = -4, .test = gbdt_test::truncated, .category_count = 2},
                 {.feature = 2, .left = 5, .right = -5, .first_category = 1, .category_count = 1},
                 {.feature = 0, .left = -6, .right = -7, .threshold = 9}};
  tree.categories = {3, 70};
  tree.leaves.assign(7, 0.0);
  const gbdt_forest forest({.number_columns = 2, .code_columns = 1, .trees = {tree}});
  REQUIRE(forest.validate());
  tree_cells<> cells;
  REQUIRE(cells.build(forest));
  CHECK(cells.size() == 5);
  CHECK(cells.numbers() == 3);
  CHECK(cells.cell_of(0) == cells.cell_of(5));
  CHECK(cells.classes(3) == 4);  // unlisted, 3, 70, missing
  CHECK(cells.listed_class(3, 70) == 2);
  CHECK(cells.missing_class(3) == 3);

  std::vector<std::uint32_t> keys(5);
  const auto load = [&](float a, float b, std::uint32_t c) {
    const float x[] = {a, b};
    const std::uint32_t code[] = {c};
    const auto keep = [&](std::size_t cell, std::uint32_t key) { keys[cell] = key; };
    cells.load(mixed_row{x, code}, keep, keep);
    return keys;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(load(nan, nan, 70) == std::vector<std::uint32_t>{detail::largest_key, 0, detail::largest_key, 3, 1});
  CHECK(load(1e-36f, 70.9f, 3) ==
        std::vector<std::uint32_t>{ordered_key(1e-36f), ordered_key(1e-36f), detail::largest_key, 2, 0});
  CHECK(load(2, -1, 0xFFFFFFFFu) ==
        std::vector<std::uint32_t>{ordered_key(2.0f), ordered_key(2.0f), ordered_key(2.0f), 0, 0});
}

TEST_CASE("tree cells: order by depth is stable") {
  const std::vector<std::uint32_t> depth{2, 0, 1, 0, 2};
  CHECK(detail::ordered_by_depth(depth) == std::vector<std::uint32_t>{1, 3, 2, 0, 4});
  CHECK(detail::ordered_by_depth({}).empty());
}

TEST_CASE("tree cells: codes too far apart for a table are refused, not allocated") {
  gbdt_tree tree;
  tree.splits = {{.feature = 0, .first_category = 0, .category_count = 1}};
  tree.categories = {0xFFFFFFFFu};
  tree.leaves = {1, 2};
  CHECK_FALSE(tree_cells<>{}.build(gbdt_forest({.code_columns = 1, .trees = {tree}})));
}

}  // namespace test_tree_cells
