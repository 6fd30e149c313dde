#include "mlsd/training/calibration_rows.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace test_calibration_rows {
using namespace mlsd;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::string says(std::vector<double> margin, std::vector<float> label, std::vector<float> weight = {}) {
  const auto r = calibration_rows{margin, label, weight}.check();
  return r ? "" : r.error().message;
}

TEST_CASE("calibration_rows: the first thing wrong is named by its row") {
  CHECK(says({1, 2}, {0, 1}) == "");
  CHECK(says({1, 2}, {0, 1}, {1, 2}) == "");
  CHECK(says({}, {}) == "calibration: no rows");
  CHECK(says({1, 2}, {0}) == "calibration: 2 margins, 1 labels, 0 weights");
  CHECK(says({1, 2}, {0, 1}, {1}) == "calibration: 2 margins, 2 labels, 1 weights");
  CHECK(says({1, std::nan("")}, {0, 1}) == "calibration: row 1: the margin is not finite");
  CHECK(says({std::numeric_limits<double>::infinity(), 1}, {0, 1}) == "calibration: row 0: the margin is not finite");
  CHECK(says({1, 2}, {0, nan}) == "calibration: row 1: the label is not finite");
  CHECK(says({1, 2}, {0, 1e-30f}) == "calibration: row 1: the label is 1e-30, not 0 or 1");
  CHECK(says({1, 2}, {0, 1}, {1, nan}) == "calibration: row 1: the weight is negative or not finite");
  CHECK(says({1, 2}, {0, 1}, {-1, 1}) == "calibration: row 0: the weight is negative or not finite");
  CHECK(says({1, 2}, {0, 1}, {0, 0}) == "calibration: the weights of all rows are zero");
  CHECK(says({1, 2}, {1, 1}) == "calibration: every row has label 1");
  CHECK(says({1, 2}, {0, 1}, {1, 0}) == "calibration: every row has label 0");
}

TEST_CASE("calibration_rows: in order of margin, ties in order of rows, without rows that weigh nothing") {
  const std::vector<double> margin{3, 1, 2, 1, -0.0, 0};
  const std::vector<float> label{0, 1, 0, 1, 0, 1}, weight{1, 1, 0, 1, 1, 1};
  CHECK(calibration_rows{margin, label, weight}.by_margin() == std::vector<std::size_t>{4, 5, 1, 3, 0});
  CHECK(calibration_rows{margin, label, {}}.by_margin() == std::vector<std::size_t>{4, 5, 1, 3, 2, 0});
}

}  // namespace test_calibration_rows
