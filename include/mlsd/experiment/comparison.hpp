#pragma once

#include <limits>

#include "mlsd/stats/interval.hpp"

namespace mlsd {

/// Two arms of an experiment: treatment less control, and relative to it. `statistic` is z or t, `p_value` two-sided.
/// NaN: the data do not say.
struct comparison {
  double control = std::numeric_limits<double>::quiet_NaN();
  double treatment = std::numeric_limits<double>::quiet_NaN();
  estimate difference{};  ///< treatment - control
  estimate lift{};        ///< treatment / control - 1
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double degrees = std::numeric_limits<double>::infinity();  ///< of freedom
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace mlsd
