#include "mlsd/scoring/import/catboost_tree.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace test_catboost_tree {

using namespace mlsd;
using namespace mlsd::detail;

void float_split(json_tape& t, double border, double number) {
  t.open(json_type::object, 0);
  t.key("split_type");
  t.text("FloatFeature", 0);
  t.key("float_feature_index");
  t.number(0, 0);
  t.key("border");
  t.number(border, 0);
  t.key("split_index");
  t.number(number, 0);
  t.close();
}
void leaf(json_tape& t, const char* key, double value) {
  t.key(key);
  t.open(json_type::object, 0);
  t.key("value");
  t.number(value, 0);
  t.close();
}

/// Two levels: x > 1 is bit 0, x > 2 bit 1.
json_tape two_levels(int values) {
  json_tape t;
  t.open(json_type::object, 0);
  t.key("splits");
  t.open(json_type::array, 0);
  float_split(t, 1, 0);
  float_split(t, 2, 1);
  t.close();
  t.key("leaf_values");
  t.open(json_type::array, 0);
  for (int i = 0; i < values; ++i) t.number(i, 0);
  t.close();
  t.close();
  return t;
}

TEST_CASE("catboost tree: the leaf of a symmetric tree is the bits of its splits") {
  const json_tape tape = two_levels(8);
  auto tree = catboost_tree_reader<>::symmetric(tape.root()).value();
  CHECK((tree.width == 2 && tree.splits.size() == 2 && tree.links.empty()));
  CHECK((tree.splits[1].border == 2 && tree.splits[1].number == 1));
  const std::vector<gbdt_split> ready{{.threshold = 1}, {.threshold = 2}};
  const gbdt_tree made = catboost_to_tree(std::move(tree), ready);
  REQUIRE(made.splits.size() == 3);
  for (unsigned bits = 0; bits < 4; ++bits) {
    std::int32_t at = 0;
    while (at >= 0) {
      const gbdt_split& s = made.splits[static_cast<std::size_t>(at)];
      at = (bits >> (s.threshold == 1 ? 0 : 1) & 1) != 0 ? s.right : s.left;
    }
    CHECK(~at == static_cast<std::int32_t>(bits));
  }
  for (const int values : {0, 3, 5, 6, 7})
    CHECK(catboost_tree_reader<>::symmetric(two_levels(values).root()).error().message.find("4 leaves") !=
          std::string::npos);
}

TEST_CASE("catboost tree: weights are covers, and splits have the sum of theirs") {
  const catboost_tree levels{.leaves = {0, 1, 2, 3}, .weights = {1, 2, 4, 8}, .width = 1};
  const gbdt_tree made = catboost_to_tree(catboost_tree(levels), {{.threshold = 1}, {.threshold = 2}});
  CHECK(made.leaf_covers == levels.weights);
  CHECK((made.splits[0].cover == 15 && made.splits[1].cover == 3 && made.splits[2].cover == 12));
  const catboost_tree chain{.links = {{~0, 1}, {~1, ~2}}, .leaves = {0, 1, 2}, .weights = {1, 2, 4}, .width = 1};
  const gbdt_tree branching = catboost_to_tree(catboost_tree(chain), {{.threshold = 1}, {.threshold = 2}});
  CHECK((branching.splits[0].cover == 7 && branching.splits[1].cover == 6));
}

TEST_CASE("catboost tree: a category that is listed goes left, and keeps its bit") {
  const gbdt_tree made = catboost_to_tree(catboost_tree{.leaves = {0, 1}, .width = 1}, {{.test = gbdt_test::code}});
  REQUIRE(made.splits.size() == 1);
  CHECK((made.splits[0].left == ~1 && made.splits[0].right == ~0));
}

TEST_CASE("catboost tree: leaves of a branching tree are numbered from the left, however deep it is") {
  // A chain to the right, deeper than any stack of calls would go.
  constexpr int depth = 50'000;
  json_tape t;
  t.open(json_type::object, 0);
  for (int i = 0; i < depth; ++i) {
    t.key("split");
    float_split(t, i, i);
    leaf(t, "left", i);
    t.key("right");
    t.open(json_type::object, 0);
  }
  t.key("value");
  t.number(depth, 0);
  for (int i = 0; i <= depth; ++i) t.close();
  auto tree = catboost_tree_reader<>::branching(t.root()).value();
  CHECK((tree.leaves.size() == depth + 1 && tree.splits.size() == depth && tree.width == 1));
  bool good = true;
  for (int i = 0; i < depth; ++i) {
    const auto& link = tree.links[static_cast<std::size_t>(i)];
    good = good && tree.leaves[static_cast<std::size_t>(i)] == i && link.left == ~i &&
           link.right == (i + 1 < depth ? i + 1 : ~depth);
  }
  CHECK(good);

  json_tape bare;
  bare.open(json_type::object, 0);
  bare.key("value");
  bare.open(json_type::array, 0);
  bare.number(3, 0);
  bare.number(4, 0);
  bare.close();
  bare.close();
  const auto one = catboost_tree_reader<>::branching(bare.root()).value();
  CHECK((one.width == 2 && one.splits.empty() && one.leaves == std::vector<double>{3, 4}));
}

}  // namespace test_catboost_tree
