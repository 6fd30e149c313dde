#include "mlsd/scoring/import/lightgbm_tree.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace test_lightgbm_tree {

using namespace mlsd;

result<gbdt_tree> read(std::string_view text, std::uint32_t columns = 3) {
  detail::key_value_lines lines(text);
  lines.next();
  return detail::lightgbm_tree_reader<>(columns).read(lines);
}
std::string fault(const std::string& text) {
  const auto tree = read(text);
  return tree ? "none" : to_string(tree.error());
}

TEST_CASE("lightgbm tree: comparing with the moved threshold is comparing what LightGBM compares") {
  constexpr double zero = static_cast<double>(gbdt_zero), infinity = std::numeric_limits<double>::infinity();
  std::vector<double> values{0.0, -0.0, 1.0, -1.0, infinity, -infinity};
  for (const double near : {zero, -zero, 1e-36, -1e-36, 5e-324, -5e-324})
    for (const double v : {near, std::nextafter(near, infinity), std::nextafter(near, -infinity)}) values.push_back(v);
  for (const double t : values)
    for (const double x : values) {
      const double seen = std::fabs(x) <= zero ? 0.0 : x;
      CHECK((x <= detail::outside_lightgbm_zero(t)) == (seen <= t));
    }
}

const std::string good =
    "Tree=0\nnum_leaves=3\nnum_cat=1\nsplit_feature=2 0\nsplit_gain=3 2\nthreshold=0.5 0\ndecision_type=10 1\n"
    "left_child=1 -1\nright_child=-2 -3\nleaf_value=1 2 3\nleaf_count=4 5 6\ninternal_count=15 10\n"
    "cat_boundaries=0 2\ncat_threshold=3 2147483648\nis_linear=0\nshrinkage=0.1\n";

std::string with(std::string_view from, std::string_view to) {
  std::string text = good;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST_CASE("lightgbm tree: splits, categories, counts") {
  const gbdt_tree t = read(good).value();
  REQUIRE(t.splits.size() == 2);
  CHECK(t.splits[0].feature == 2);
  CHECK(t.splits[0].threshold == 0.5);
  CHECK(t.splits[0].nan_left);
  CHECK(t.splits[0].cover == 15);
  CHECK(t.splits[1].test == gbdt_test::truncated);
  CHECK_FALSE(t.splits[1].nan_left);
  CHECK(t.splits[1].category_count == 3);
  CHECK(t.categories == std::vector<std::uint32_t>{0, 1, 63});
  CHECK(t.leaves == std::vector<double>{1, 2, 3});
  CHECK(t.leaf_covers == std::vector<double>{4, 5, 6});
  CHECK(read(with("leaf_count=4 5 6\n", "")).value().leaf_covers.empty());
}

TEST_CASE("lightgbm tree: where NaN goes") {
  const auto split = [](const char* threshold, const char* decision) {
    return read(std::string("Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=") + threshold +
                "\ndecision_type=" + decision + "\nleft_child=-1\nright_child=-2\nleaf_value=1 2\n")
        .value()
        .splits[0];
  };
  CHECK(split("1", "0").nan_left);  // no missing values: NaN is 0
  CHECK(split("0", "0").nan_left);
  CHECK_FALSE(split("-1", "2").nan_left);
  CHECK(split("-1e-36", "0").threshold < -static_cast<double>(gbdt_zero));
  CHECK_FALSE(split("-1e-36", "0").nan_left);
  CHECK(split("1", "4").test == gbdt_test::number_or_zero);
  CHECK_FALSE(split("1", "4").nan_left);
  CHECK(split("-1", "6").nan_left);
  CHECK_FALSE(split("1", "8").nan_left);
  CHECK(split("-1", "10").nan_left);
}

TEST_CASE("lightgbm tree: one leaf, and leaves that are lines") {
  const gbdt_tree one = read("Tree=0\nnum_leaves=1\nnum_cat=0\nsplit_feature=\nleaf_value=2.5\nleaf_count=\n").value();
  CHECK(one.leaves == std::vector<double>{2.5});
  CHECK(one.leaf_covers.empty());
  const gbdt_tree t = read(with("is_linear=0",
                                "is_linear=1\nleaf_const=1 2 3\nnum_features=2 0 1\n"
                                "leaf_features=0 2  1\nleaf_coeff=0.5 -1  4"))
                          .value();
  REQUIRE(t.lines.size() == 3);
  CHECK(t.lines[0].constant == 1);
  REQUIRE(t.lines[0].terms.size() == 2);
  CHECK(t.lines[0].terms[1].column == 2);
  CHECK(t.lines[1].terms.empty());
  CHECK(t.lines[2].terms[0].coefficient == 4);
}

TEST_CASE("lightgbm tree: what is wrong is said, with its line") {
  CHECK(fault(with("num_leaves=3", "num_leaves=1000000000")) ==
        "line 10, column 12: leaf_value: 1000000000 values expected, 3 found");
  CHECK(fault(with("num_leaves=3", "num_leaves=0")) == "line 2, column 12: num_leaves: a tree has at least one leaf");
  CHECK(fault(with("num_leaves=3\n", "")).find("no line 'num_leaves'") != std::string::npos);
  CHECK(fault(with("leaf_value=1 2 3", "leaf_value=1 2")).find("3 values expected, 2 found") != std::string::npos);
  CHECK(fault(with("leaf_value=1 2", "leaf_value=1 nan")).find("value 1 is not finite") != std::string::npos);
  CHECK(fault(with("left_child=1 -1", "left_child=0 -1")).find("left_child: value 0 is no split") != std::string::npos);
  CHECK(fault(with("left_child=1 -1", "left_child=2 -1")).find("no split") != std::string::npos);
  CHECK(fault(with("left_child=1 -1", "left_child=1 -4")).find("no leaf") != std::string::npos);
  CHECK(fault(with("left_child=1 -1", "left_child=1 -2147483648")).find("no leaf") != std::string::npos);
  CHECK(fault(with("left_child=1 -1", "left_child=1 2147483647")).find("no split") != std::string::npos);
  CHECK(fault(with("split_feature=2", "split_feature=3")).find("no feature of the model") != std::string::npos);
  CHECK(fault(with("threshold=0.5", "threshold=nan")).find("threshold: value 0 is not a number") != std::string::npos);
  CHECK(fault(with("threshold=0.5 0", "threshold=0.5 1")).find("no set of categories") != std::string::npos);
  CHECK(fault(with("threshold=0.5 0", "threshold=0.5 0.5")).find("no set of categories") != std::string::npos);
  CHECK(fault(with("threshold=0.5 0\ndecision_type=10", "threshold=0 0\ndecision_type=1")).find("another split has") !=
        std::string::npos);
  CHECK(fault(with("decision_type=10", "decision_type=12")).find("unknown") != std::string::npos);
  CHECK(fault(with("cat_boundaries=0 2", "cat_boundaries=0 3")).find("cat_boundaries") != std::string::npos);
  CHECK(fault(with("cat_boundaries=0 2", "cat_boundaries=2 0")).find("less than") != std::string::npos);
  CHECK(fault(with("cat_threshold=3 2147483648\n", "")).find("no line 'cat_threshold'") != std::string::npos);
  CHECK(fault(with("split_gain=3 2", "split_feature=2 0")).find("twice") != std::string::npos);
  CHECK(fault(with("is_linear=0", "is_linear=2")).find("0 or 1") != std::string::npos);
  CHECK(fault(with("is_linear=0", "is_linear=1")).find("no line 'leaf_const'") != std::string::npos);
  CHECK(fault(with("is_linear=0", "is_linear=1\nleaf_const=1 2 3\nnum_features=1 0 0\nleaf_features=9\nleaf_coeff=1"))
            .find("leaf_features: value 0 is no feature") != std::string::npos);
}

}  // namespace test_lightgbm_tree
