/// The three tables that the job runs on; each is compiled on its own.
#pragma once

#include "ad_click/outcome.hpp"
#include "mlsd/core/result.hpp"

#include <string>

/// `path`: a TalkingData click log.
[[nodiscard]] mlsd::result<outcome> run_clicks(const std::string& path, const job_options& job);
/// `path`: the table of UCI Adult.
[[nodiscard]] mlsd::result<outcome> run_adult(const std::string& path, const job_options& job);
/// 500,000 simulated impressions.
[[nodiscard]] mlsd::result<outcome> run_simulated(const job_options& job);
