#include "mlsd/core/pack.hpp"
#include "catch.hpp"

#include <memory>
#include <string>

namespace test_pack {

TEST_CASE("a pack holds values of any types by position, two of one type too", "[core]") {
  mlsd::pack<int, std::string, int> p;
  mlsd::get<0>(p) = 1;
  mlsd::get<1>(p) = "two";
  mlsd::get<2>(p) = 3;
  const auto copy = p;
  CHECK(mlsd::get<0>(copy) == 1);
  CHECK(mlsd::get<1>(copy) == "two");
  CHECK(mlsd::get<2>(copy) == 3);
  mlsd::pack<std::unique_ptr<int>> owner;
  mlsd::get<0>(owner) = std::make_unique<int>(5);
  const auto moved = std::move(owner);
  CHECK(*mlsd::get<0>(moved) == 5);
  static_assert(sizeof(mlsd::pack<>) == 1);
}

}  // namespace test_pack
