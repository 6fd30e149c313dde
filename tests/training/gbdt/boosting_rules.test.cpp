#include "mlsd/training/gbdt/boosting_rules.hpp"

#include "catch.hpp"

namespace test_boosting_rules {

TEST_CASE("boosting rules: by default every tree sees all, in full precision, and follows those before it") {
  constexpr mlsd::detail::boosting_rules rules;
  CHECK_FALSE(rules.averaged);
  CHECK(rules.gradient_bits == 0);
  CHECK_FALSE(rules.sampling.are_random());
  CHECK(rules.growth.learning_rate == 0.1);
}

}  // namespace test_boosting_rules
