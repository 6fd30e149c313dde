#include "mlsd/interop/named_columns.hpp"

#include "catch.hpp"

namespace test_named_columns {
using namespace mlsd;

TEST_CASE("columns from elsewhere are numbers, named x0, x1, ... or as the caller says", "[interop]") {
  const auto numbered = named_columns(11);
  REQUIRE(numbered.size() == 11);
  CHECK(numbered.front() == feature_info{"x0", 0});
  CHECK(numbered.back() == feature_info{"x10", 0});
  CHECK(named_columns(2, {"age", "bid"})[1].name == "bid");
  CHECK(named_columns(0).empty());
}
}  // namespace test_named_columns
