#include "mlsd/scoring/import/xgboost_tree.hpp"

#include "catch.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test_xgboost_tree {

using namespace mlsd;
using namespace mlsd::detail;

using arrays = std::vector<std::pair<std::string, std::vector<double>>>;

json_tape tape_of(const arrays& fields, const char* nodes, const char* width = "0") {
  json_tape t;
  t.open(json_type::object, 0);
  for (const auto& [key, values] : fields) {
    t.key(key);
    t.open(json_type::array, 0);
    for (const double v : values) t.number(v, 0);
    t.close();
  }
  t.key("tree_param");
  t.open(json_type::object, 0);
  t.key("num_nodes");
  t.text(nodes, 0);
  t.key("size_leaf_vector");
  t.text(width, 0);
  t.close();
  t.close();
  return t;
}

/// Node 0 is a category's split, 3 and 5 its children, of which 5 splits a number into 2 and 4; 1 is deleted.
arrays sample() {
  return {{"left_children", {3, -1, -1, -1, -1, 4}},
          {"right_children", {5, -1, -1, -1, -1, 2}},
          {"split_indices", {7, 2147483647, 0, 0, 0, 2}},
          {"split_conditions", {0, 9, 20, 30, 40, 0.5}},
          {"default_left", {1, 0, 0, 0, 0, 0}},
          {"split_type", {1, 0, 0, 0, 0, 0}},
          {"categories", {5, 1, 5, 16777216}},
          {"categories_nodes", {0}},
          {"categories_segments", {0}},
          {"categories_sizes", {4}},
          {"sum_hessian", {6, 0, 1, 3, 2, 3}}};
}

TEST_CASE("xgboost tree: deleted nodes are left out, listed categories change sides") {
  const json_tape tape = tape_of(sample(), "6");
  const auto read = xgboost_tree_reader<>::read(tape.root()).value();
  const gbdt_tree& tree = read.tree;
  REQUIRE(tree.splits.size() == 2);
  const gbdt_split &root = tree.splits[0], &below = tree.splits[1];
  CHECK((root.feature == 7 && root.test == gbdt_test::floored && read.columns == 8));
  CHECK(tree.categories == std::vector<std::uint32_t>{1, 5});  // once each, and none that floats cannot tell apart
  CHECK((root.left == 1 && root.right < 0 && !root.nan_left));
  CHECK(read.leaf_nodes[static_cast<std::size_t>(~root.right)] == 3);
  CHECK((below.feature == 2 && below.test == gbdt_test::number && !below.nan_left));
  CHECK(below.threshold == static_cast<double>(std::nextafter(0.5f, 0.0f)));
  CHECK(read.leaf_nodes[static_cast<std::size_t>(~below.left)] == 4);
  CHECK(tree.leaves[static_cast<std::size_t>(~below.right)] == 20);
  CHECK((root.cover == 6 && tree.leaf_covers[static_cast<std::size_t>(~below.left)] == 2));
}

TEST_CASE("xgboost tree: leaves of several values, by node or in an array of their own") {
  arrays fields{{"left_children", {1, -1, -1}},  {"right_children", {2, 1, 0}}, {"split_indices", {0, 0, 0}},
                {"split_conditions", {0, 0, 0}}, {"default_left", {1, 0, 0}},   {"base_weights", {1, 2, 3, 4, 5, 6}}};
  const json_tape by_node = tape_of(fields, "3", "2");
  const auto old = xgboost_tree_reader<>::read(by_node.root()).value();
  CHECK((old.width == 2 && old.tree.leaves == std::vector<double>{3, 4, 5, 6}));
  fields.push_back({"leaf_weights", {10, 20, 30, 40}});
  const json_tape by_leaf = tape_of(fields, "3", "2");
  CHECK(xgboost_tree_reader<>::read(by_leaf.root()).value().tree.leaves == std::vector<double>{30, 40, 10, 20});
  fields[1].second[1] = 2;
  const json_tape beyond = tape_of(fields, "3", "2");
  CHECK(xgboost_tree_reader<>::read(beyond.root()).error().message == "leaf_weights: has none for node 1");
}

TEST_CASE("xgboost tree: children that make no tree are refused") {
  const auto fault = [](std::size_t field, std::size_t node, double value) {
    arrays fields = sample();
    fields[field].second[node] = value;
    const json_tape tape = tape_of(fields, "6");
    const auto read = xgboost_tree_reader<>::read(tape.root());
    return read ? std::string("none") : read.error().message;
  };
  CHECK(fault(0, 0, 3) == "none");
  CHECK(fault(0, 0, 0).find("node 0 has two parents") != std::string::npos);
  CHECK(fault(0, 0, 5).find("node 5 has two parents") != std::string::npos);
  CHECK(fault(1, 5, 0).find("node 0 has two parents") != std::string::npos);
  for (const double child : {6.0, -2.0, 0.5, std::nan("")}) {
    CHECK(fault(0, 0, child) == "left_children: of node 0 is no node");
    CHECK(fault(1, 5, child) == "right_children: of node 5 is no node");
  }
  CHECK(fault(3, 3, HUGE_VAL) == "split_conditions: leaf 3 is not finite");
  CHECK(fault(3, 1, HUGE_VAL) == "none");  // deleted
  CHECK(fault(5, 5, 2) == "split_type: of node 5 is unknown");
  CHECK(fault(5, 5, 1) == "categories_nodes: node 5 is missing");
}

}  // namespace test_xgboost_tree
