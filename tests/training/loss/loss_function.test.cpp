#include "mlsd/training/loss/loss_function.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace test_loss_function {

using namespace mlsd;

/// The smallest loss there is.
struct own {
  static constexpr link_function output = link_function::identity;
  static result<void> check(std::span<const float>, std::span<const float>) { return {}; }
  static double initial(std::span<const float>, std::span<const float>) { return 0; }
  static loss_slope slope(double, float) { return {}; }
  static double value(double, float) { return 0; }
};
struct without_value {
  static constexpr link_function output = link_function::identity;
};
static_assert(loss_function<own> && !residual_loss<own> && !loss_function<without_value>);

TEST_CASE("loss function: what the checks of losses share") {
  using v = std::vector<float>;
  CHECK(detail::mean_label(v{1, 2, 6}, {}) == 3);
  CHECK(detail::mean_label(v{1, 2, 6}, v{1, 0, 1}) == 3.5);
  CHECK(detail::mean_label({}, {}) == 0);
  CHECK(detail::log_mean_label(v{1, 1}, {}) == 0);
  CHECK(detail::check_total_weight(v{0, 1}));
  CHECK_FALSE(detail::check_total_weight(v{0, 0}));
  const auto even = [](float y) { return static_cast<int>(y) % 2 == 0; };
  CHECK(detail::check_labels(v{0, 2}, {}, "own needs even", even));
  CHECK(detail::check_labels(v{0, 3}, {}, "own needs even", even).error().message ==
        "row 1: the label is 3, own needs even");
  CHECK(detail::check_labels(v{1e-30f}, {}, "own needs none", [](float) { return false; }).error().message ==
        "row 0: the label is 1e-30, own needs none");
}

}  // namespace test_loss_function
