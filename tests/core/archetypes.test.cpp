// That the archetypes model their contracts is asserted where they are defined, and their laws are tested with the
// laws; here is that they do what their contracts say.
#include "mlsd/core/archetypes.hpp"
#include "catch.hpp"

namespace test_archetypes {
using namespace mlsd;

TEST_CASE("the archetypes do the least that their contracts say", "[core]") {
  const archetypes::learning_stage stage;
  archetypes::learning_stage::statistics a, b;
  stage.observe(a, 2);
  stage.observe(b, 4);
  a.merge(b);
  CHECK(stage.fit(a)(2) == 0.5f);
  CHECK(archetypes::trainer{}.fit<archetypes::loss>(0).has_value());
  archetypes::store s;
  CHECK(s.as_of(1, {5}).reason == absence::no_key);
  s.put(1, 2.5f, {5});
  CHECK(s.as_of(1, {4}).reason == absence::too_new);
  CHECK(s.as_of(1, {5}).row == 2.5f);
  CHECK_FALSE(s.as_of(2, {5}));
  archetypes::learner l;
  l.learn({}, 1, 1);
  CHECK(l.model()(mixed_row{}) == 0);
  CHECK(archetypes::detector{}.update(2).drifted);
  CHECK(archetypes::source{}.begin() == archetypes::source{}.end());
  double x = 1;
  CHECK(archetypes::communicator{}.allreduce({&x, 1}).has_value());
  CHECK(x == 1);
}

}  // namespace test_archetypes
