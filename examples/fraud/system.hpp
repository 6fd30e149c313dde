/// The gate at work on a simulated stream: decisions, people, labels that come late, retraining, models swapped while
/// they serve, drift, log and replay.
#pragma once

#include "fraud/outcome.hpp"
#include "mlsd/core/result.hpp"

#include <string>

namespace fraud {

/// `o.events` simulated charges.
[[nodiscard]] mlsd::result<outcome> run_simulated(const options& o);
/// The ULB card sample: charges without card or merchant, and labels at once.
[[nodiscard]] mlsd::result<outcome> run_card_sample(const std::string& path, const options& o);

}  // namespace fraud
