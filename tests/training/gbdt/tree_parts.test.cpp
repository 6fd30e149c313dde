#include "mlsd/training/gbdt/tree_parts.hpp"

#include "catch.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

namespace test_tree_parts {

using namespace mlsd;

TEST_CASE("tree parts: a model taken apart and built again is the model") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto model = gbdt_model::build(random_gbdt::model({}, seed)).value();
    CHECK(random_gbdt::saved_bytes(gbdt_model::build(detail::parts_of(model)).value()) ==
          random_gbdt::saved_bytes(model));
  }
  CHECK(detail::parts_of(gbdt_model{}).trees.empty());
}

}  // namespace test_tree_parts
