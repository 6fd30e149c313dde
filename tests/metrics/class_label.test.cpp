#include "mlsd/metrics/class_label.hpp"

#include <cmath>

#include "catch.hpp"

namespace test_class_label {

using mlsd::detail::class_of_label;

TEST_CASE("class label: whole numbers below the number of classes, and no others") {
  CHECK(class_of_label(0, 3) == 0);
  CHECK(class_of_label(2, 3) == 2);
  CHECK(class_of_label(-0.0, 3) == 0);
  for (const double bad : {3.0, -1.0, 0.5, 1e300, std::nan(""), std::nextafter(3.0, 0.0)})
    CHECK(class_of_label(bad, 3) == 3);
  CHECK(class_of_label(0, 0) == 0);  // no classes
}

}  // namespace test_class_label
