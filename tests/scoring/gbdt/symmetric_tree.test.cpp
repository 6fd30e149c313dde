#include "mlsd/scoring/gbdt/symmetric_tree.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <array>
#include <cstddef>

namespace test_symmetric_tree {

using namespace mlsd;

TEST_CASE("symmetric tree: known by its levels, and the answers lead to its leaves") {
  const gbdt_forest forest(random_gbdt::symmetric_model(4, 1));
  for (std::size_t t = 0; t < 11; ++t) {
    const auto levels = detail::levels_of_symmetric(forest, t);
    REQUIRE(levels.size() == 4);
    std::array<bool, 16> seen{};
    for (std::size_t answers = 0; answers < 16; ++answers) {
      const std::size_t l = detail::leaf_behind(forest, t, answers);
      REQUIRE(l < 16);
      seen[l] = true;
    }
    CHECK(seen == [] {
      std::array<bool, 16> all{};
      all.fill(true);
      return all;
    }());
    CHECK(detail::leaf_behind(forest, t, 0) == 0);
    CHECK(detail::leaf_behind(forest, t, 15) == 15);
  }
  CHECK(detail::levels_of_symmetric(forest, 11).empty());  // one threshold differs
}

TEST_CASE("symmetric tree: no splits, categories, and trees of unequal depth are none") {
  gbdt_tree chain{.splits = {{.left = 1, .right = -1}, {.left = 2, .right = -2}, {.left = -3, .right = -4}},
                  .leaves = {1, 2, 3, 4}};
  const gbdt_tree category{.splits = {{.feature = 1, .category_count = 1}}, .leaves = {1, 2}, .categories = {3}};
  const gbdt_forest forest({.number_columns = 1, .code_columns = 1, .trees = {gbdt_tree{}, chain, category}});
  REQUIRE(forest.validate());
  for (std::size_t t = 0; t < 3; ++t) CHECK(detail::levels_of_symmetric(forest, t).empty());
}

}  // namespace test_symmetric_tree
