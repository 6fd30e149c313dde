#include "progress.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"

namespace test_progress {

TEST_CASE("A progress line says how far and how long still", "[examples]") {
  CHECK(progress_line("training", 0.5, 60) == "training  [####################                    ]  50%  1:00 left");
  CHECK(progress_line("x", 1, 5) == "x  [########################################] 100%  0:00 left");
  CHECK(progress_line("x", 0.25, 3600).find("3:00 h left") != std::string::npos);
  CHECK(progress_line("x", 0, 5).find("left") == std::string::npos);
}

TEST_CASE("A progress line never breaks and never wraps", "[examples]") {
  for (const double share : {-1.0, 0.0, 1e-12, 0.999, 1.0, 7.0, std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const double seconds : {0.0, 1.0, 1e9, 1e300})
      for (const std::size_t columns : {std::size_t{0}, std::size_t{5}, std::size_t{40}, std::size_t{80}})
        CHECK(progress_line("a label of some length", share, seconds, columns).size() <= columns);
}

TEST_CASE("A bar takes any updates", "[examples]") {
  progress none{"none", 0};
  none.update(0);
  none.update(5);
  progress bar{"bar", 10};
  for (std::size_t i = 0; i < 20; ++i) bar.update(i);
  bar.erase();
}

}  // namespace test_progress
