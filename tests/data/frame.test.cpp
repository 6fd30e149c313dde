#include "mlsd/data/frame.hpp"
#include "catch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace test_frame {
using namespace mlsd;

struct person {
  std::string name{};
  std::optional<int> children{};
  bool bought = false;
  friend bool operator==(const person&, const person&) = default;
};
constexpr schema people{"name"_f = &person::name, "children"_f = &person::children,
                        "bought"_f = label(&person::bought)};

const std::vector<person> some{{"Ada", 2, true}, {"", {}, false}, {"Eve", 0, true}};

TEST_CASE("records go in and come out by columns", "[data]") {
  const frame<people> table{std::span<const person>(some)};
  REQUIRE(table.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(table.row(i) == some[i]);
  CHECK(table["name"_f][2] == "Eve");
  CHECK_FALSE(table["children"_f][1]);
  CHECK(table["bought"_f][0] == 1);
  CHECK(table.value<2>(0));
  static_assert(std::is_same_v<decltype(table["children"_f]), std::span<const std::optional<int>>>);
  static_assert(std::is_same_v<decltype(table["bought"_f]), std::span<const std::uint8_t>>);
  static_assert(frame<people>::columns == 3);
}

TEST_CASE("columns are written in place", "[data]") {
  frame<people> table{std::span<const person>(some)};
  table["children"_f][0] = 7;
  table["bought"_f][1] = 1;
  CHECK(table.row(0).children == 7);
  CHECK(table.row(1).bought);
}

TEST_CASE("rows are gathered in any order, twice too, and sliced", "[data]") {
  const frame<people> table{std::span<const person>(some)};
  const std::size_t order[] = {2, 0, 2};
  const auto gathered = table.gather(order);
  REQUIRE(gathered.size() == 3);
  CHECK(gathered.row(0) == some[2]);
  CHECK(gathered.row(1) == some[0]);
  CHECK(gathered.row(2) == some[2]);
  CHECK(table.slice(1, 2).row(0) == some[1]);
  CHECK(table.slice(3, 0).empty());
  CHECK(table.gather({}).empty());
}

TEST_CASE("an empty frame, a resized one, and a row added to its own frame", "[data]") {
  frame<people> table;
  CHECK(table.empty());
  table.resize(2);
  CHECK(table.row(1) == person{});
  table.push_back(some[0]);
  for (int i = 0; i < 50; ++i) table.push_back(table.row(table.size() - 1));
  CHECK(table.row(52) == some[0]);
  frame<people> by_hand;
  by_hand.column_at<0>().push_back("x");
  by_hand.column_at<1>().push_back(1);
  by_hand.column_at<2>().push_back(0);
  by_hand.set_size(1);
  CHECK(by_hand.row(0) == person{"x", 1, false});
}

}  // namespace test_frame
