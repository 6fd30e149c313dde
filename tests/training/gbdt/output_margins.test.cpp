#include "mlsd/training/gbdt/output_margins.hpp"

#include "catch.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "training/gbdt/rows.hpp"

#include <vector>

namespace test_output_margins {

using namespace mlsd;
using namespace gbdt_rows;
using detail::output_margins;

/// x <= 1.5 goes left.
gbdt_tree stump_tree(double left, double right) {
  gbdt_split s;
  s.threshold = 1.5;
  gbdt_tree tree;
  tree.splits = {s};
  tree.leaves = {left, right};
  tree.output = 2;  // margins are of one output, whichever it is
  return tree;
}
std::vector<double> copy(std::span<const double> of) { return {of.begin(), of.end()}; }

TEST_CASE("output margins: trees are added to training and validation rows, and taken away") {
  const auto data = training(column({0, 1, 2, 3}, {0, 0, 1, 1}));
  const auto valid = column({3, 0}, {1, 0});
  output_margins<> m(data, &valid, false);
  sequential ex;
  m.start(10);
  m.add(stump_tree(-1, 2), 1, ex);
  CHECK(copy(m.training()) == std::vector<double>{9, 9, 12, 12});
  CHECK(copy(m.validation()) == std::vector<double>{12, 9});
  CHECK(copy(m.point()) == copy(m.training()));
  m.add(stump_tree(-1, 2), -1, ex);
  CHECK(copy(m.training()) == std::vector<double>(4, 10));
  std::vector<std::uint32_t> leaf;
  m.find_leaves(stump_tree(0, 0), leaf, ex);
  CHECK(leaf == std::vector<std::uint32_t>{0, 0, 1, 1});
  m.add(stump_tree(5, 6), leaf);
  CHECK(copy(m.training()) == std::vector<double>{15, 15, 16, 16});
  m.start(0);
  CHECK(copy(m.training()) == std::vector<double>(4, 0));
}

TEST_CASE("output margins: a forest takes slopes at its base, and is the mean of its trees") {
  const auto data = training(column({0, 1, 2, 3}, {0, 0, 1, 1}));
  output_margins<> m(data, nullptr, true);
  sequential ex;
  m.start(10);
  for (const double leaf : {1.0, 4.0, 4.0}) m.add(stump_tree(leaf, -leaf), 1, ex);
  CHECK(copy(m.point()) == std::vector<double>(4, 10));
  std::vector<double> room;
  CHECK(copy(m.finished(m.training(), 3, room)) == std::vector<double>{13, 13, 7, 7});
  CHECK(m.finished(10, 0) == 10);
  CHECK(m.validation().empty());
}

TEST_CASE("output margins: a grown tree reaches its own rows and all others") {
  const auto rows = table(500, 31), valid = table(300, 32);
  const auto data = training(rows);
  sequential ex;
  const detail::binned_matrix x(data.x(), data.weight(), {}, ex);
  const detail::growth_rules rules{.leaves = 9};
  detail::tree_grower grower(x, rules);
  const detail::slope_scale scale(1, 1, rows.rows());
  for (const std::uint32_t step : {1u, 2u}) {  // all rows, and every second one
    std::vector<std::uint32_t> drawn;
    std::vector<detail::row_slope> slopes;
    for (std::uint32_t i = 0; i < rows.rows(); i += step) {
      drawn.push_back(i);
      slopes.push_back(scale(0.5f - rows.label[i], 0.25f));
    }
    const std::vector<std::uint8_t> allowed(x.features().size(), 1);
    const gbdt_tree tree = grower.grow(drawn, slopes, scale, allowed, ex);
    REQUIRE(tree.splits.size() > 3);
    output_margins<> advanced(data, &valid, false), walked(data, &valid, false);
    advanced.start(1);
    walked.start(1);
    advanced.advance(tree, grower, drawn, ex);
    walked.add(tree, 1, ex);
    CHECK(copy(advanced.training()) == copy(walked.training()));
    CHECK(copy(advanced.validation()) == copy(walked.validation()));
  }
}

}  // namespace test_output_margins
