/// What the job is asked and what it finds, as plain data.
#pragma once

#include "mlsd/metrics/calibration.hpp"
#include "mlsd/metrics/delong.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/metrics/reliability.hpp"
#include "mlsd/report/drift_table.hpp"
#include "mlsd/stats/latency.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct job_options {
  std::uint32_t trees = 100;
  std::uint64_t seeds = 1;
  std::string model{};      ///< where the one file goes
  bool keep_model = false;  ///< or is it only written to prove that it can be read
};

struct seed_summary {
  double mean = 0, min = 0, max = 0;
};
[[nodiscard]] inline seed_summary summary_of(const std::vector<double>& v) {
  seed_summary s{0, v.front(), v.front()};
  for (const double x : v) {
    s.mean += x / static_cast<double>(v.size());
    s.min = (std::min)(s.min, x);
    s.max = (std::max)(s.max, x);
  }
  return s;
}

struct model_outcome {
  std::string name{};
  mlsd::auc_estimate auc{};
  seed_summary auc_seeds{};
  mlsd::estimate log_loss{}, normalized_entropy{};
  mlsd::calibration_error calibration{};
  std::vector<mlsd::reliability_bin> bins{};
  std::vector<double> scores{}, labels{};
  mlsd::estimate truth{};  ///< mean |p - true probability|, where the truth is known
  double truth_bias = 0, oracle_auc = 0;
};

struct outcome {
  std::string dataset{};
  std::size_t rows = 0, train_rows = 0, calibration_rows = 0, test_rows = 0;
  std::vector<model_outcome> models{};
  std::vector<mlsd::report::drift_row> drift{};
  std::uint64_t compared = 0, different = 0;
  struct {
    mlsd::latency times{};  ///< of one record each, in nanoseconds
    double p50_us = 0, p99_us = 0, mean_score = 0;
    std::uint64_t allocations = 0;
  } online{};
  double seconds = 0;
  bool has_truth = false;
};
