// Rows for the tests of calibration: clicks drawn from a known probability.
#pragma once

#include "draws.hpp"
#include "mlsd/training/calibration_rows.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd_test {

struct margins {
  std::vector<double> margin;
  std::vector<float> label, weight;
  mlsd::calibration_rows rows() const { return {margin, label, weight}; }
};

/// Clicks whose true probability is sigmoid(margin / 2 - 1); margins in steps of 0.02, so that some are equal.
inline margins clicks(std::size_t n, std::uint64_t seed) {
  margins m;
  draws random{seed};
  for (std::size_t i = 0; i < n; ++i) {
    m.margin.push_back(static_cast<double>(random.below(400)) / 50 - 4);
    m.label.push_back(random.uniform() < 1 / (1 + std::exp(1 - m.margin.back() / 2)) ? 1.0f : 0.0f);
  }
  return m;
}

}  // namespace mlsd_test
