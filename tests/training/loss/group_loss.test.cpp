#include "mlsd/training/loss/group_loss.hpp"

#include "catch.hpp"

#include <vector>

namespace test_group_loss {

using namespace mlsd;

/// The smallest loss of lists there is.
struct own {
  static constexpr link_function output = link_function::identity;
  struct scratch {};
  static result<void> check(std::span<const float>, std::span<const float>) { return {}; }
  static void slopes(std::span<const double>, std::span<const float>, std::uint64_t, std::span<loss_slope>, scratch&) {}
  static double value(std::span<const double>, std::span<const float>, scratch&) { return 0; }
};
static_assert(group_loss<own> && !loss_function<own>);

TEST_CASE("group loss: gains and grades") {
  CHECK(detail::label_gain(0) == 0);
  CHECK(detail::label_gain(1) == 1);
  CHECK(detail::label_gain(4) == 15);
  CHECK(detail::label_gain(31) == 2147483647.0);
  CHECK(detail::check_grades(std::vector<float>{0, 1, 31}, {}, "own"));
  for (const float y : {-1.0f, 0.5f, 32.0f, 1e30f})
    CHECK_FALSE(detail::check_grades(std::vector<float>{0, y}, {}, "own"));
}

}  // namespace test_group_loss
