#include "mlsd/data/groups.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace test_groups {

using namespace mlsd;
using ids = std::vector<std::uint32_t>;

TEST_CASE("groups: rows that lie together are one list") {
  const auto g = row_groups::of(ids{7, 7, 2, 9, 9, 9}).value();
  REQUIRE(g.size() == 3);
  CHECK((g.first(0) == 0 && g.last(0) == 2));
  CHECK((g.first(1) == 2 && g.last(1) == 3));
  CHECK((g.first(2) == 3 && g.last(2) == 6));
  CHECK(row_groups::of(ids{}).value().size() == 0);
  CHECK(row_groups{}.size() == 0);
  CHECK(row_groups::of(ids{4}).value().last(0) == 1);
}

TEST_CASE("groups: a group that comes back is named, the first row first") {
  const auto torn = row_groups::of(ids{5, 3, 3, 5, 3});
  REQUIRE_FALSE(torn);
  CHECK(torn.error().code == errc::order);
  CHECK(torn.error().message == "row 3: group 5 of row 0 comes back; the rows of a group must lie together");
}

TEST_CASE("groups: sizes become a column, and must add up") {
  CHECK(groups_of_sizes(ids{2, 0, 3}, 5).value() == ids{0, 0, 2, 2, 2});
  CHECK(groups_of_sizes(ids{}, 0).value().empty());
  const auto wrong = groups_of_sizes(ids{2, 4294967295u, 3}, 6);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == errc::invalid_argument);
  CHECK(wrong.error().message == "group sizes do not add up: 3 groups hold 4294967300 rows, there are 6");
}

}  // namespace test_groups
