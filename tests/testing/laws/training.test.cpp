#include "mlsd/testing/laws/training.hpp"
#include "catch.hpp"

#include <atomic>

namespace test_laws_training {
using namespace mlsd;

TEST_CASE("the laws of training hold for a constant and catch what depends on more than its seed",
          "[testing][threads]") {
  CHECK(laws::same_seed_same_model([] { return result<double>(0.5); }));
  double calls = 0;
  CHECK_FALSE(laws::same_seed_same_model([&] { return result<double>(++calls); }));
  CHECK_FALSE(laws::same_seed_same_model([] { return result<double>(error{errc::empty, "no rows"}); }));
  CHECK(laws::same_model_on_any_threads([](auto&) { return result<double>(0.5); }));
  const auto caught =
      laws::same_model_on_any_threads([](auto& ex) { return result<double>(static_cast<double>(ex.concurrency())); });
  REQUIRE_FALSE(caught);
  CHECK(caught.error().message == "threads do not change the model: 2 threads give another one");
}

TEST_CASE("const calls that share a counter are caught", "[testing][threads]") {
  CHECK(laws::is_safe_to_share([](std::size_t i) { return static_cast<double>(i) / 3; }, 100));
  std::atomic<int> counter = 0;
  CHECK_FALSE(laws::is_safe_to_share([&](std::size_t) { return ++counter; }, 100));
}

}  // namespace test_laws_training
