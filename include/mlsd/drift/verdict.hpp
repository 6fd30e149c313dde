#pragma once

#include <limits>

namespace mlsd {

/// What a drift monitor says of the stream it saw against its reference.
/// `significant`: more than chance at the level asked for; with enough rows, any difference is. `material`: at least
/// as big as the size that the caller calls a change. `drifted` asks for both, so that alarms do not depend on the
/// sample size alone.
struct drift_verdict {
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double critical = std::numeric_limits<double>::quiet_NaN();  ///< what chance exceeds with probability `level`
  double p_value = 1;
  double n = 0;            ///< effective rows seen
  double n_reference = 0;  ///< effective rows of the reference
  bool significant = false, material = false, drifted = false;
};

}  // namespace mlsd
