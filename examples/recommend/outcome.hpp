/// What the program is asked and what it finds, as plain data.
#pragma once

#include "mlsd/experiment/sample_ratio.hpp"
#include "mlsd/stats/interval.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

struct options {
  std::string data{}, user{}, report{};
  bool json = false;
  std::size_t requests = 5000;  ///< pages served while the last fifth of the ratings arrives
};

/// Every user's last rating, found among all films that the user has not seen.
struct ranking_quality {
  std::string name{};
  mlsd::estimate hr10{}, ndcg10{};
};

struct shown_film {
  std::string title{}, genre{};
  double score = 0;
  std::vector<std::string_view> because{};
};

struct stage_time {
  std::string name{};
  double p50_us = 0, p99_us = 0;
};

struct outcome {
  std::string dataset{};
  std::size_t users = 0, films = 0, ratings = 0;

  std::string user{};
  std::vector<shown_film> page{};

  struct {
    ranking_quality full{}, after_rules{};
    double recall500 = 0;
    std::vector<ranking_quality> baselines{};
    std::size_t users = 0;
  } last_out{};

  struct {
    std::size_t ratings = 0, requests = 0, users = 0, new_users = 0, empty_pages = 0;
    mlsd::estimate hr10{}, popularity_hr10{}, new_hr10{}, new_popularity_hr10{};
    double first_half_hr10 = 0, second_half_hr10 = 0;
    std::size_t pages_with_new_films = 0;
    double p50_us = 0, p99_us = 0;
    std::uint64_t allocations = 0;
    std::vector<stage_time> stages{};
    std::uint64_t read_while_swapped = 0, versions_read = 0;
    std::uint64_t future_compared = 0, future_mismatches = 0;
    std::vector<double> hr10_over_time{}, popularity_over_time{};
  } replay{};

  struct {
    std::array<std::uint64_t, 2> users{}, requests{};
    std::array<mlsd::estimate, 2> click_rate{};
    mlsd::estimate difference{};
    double p_value = 1;
    mlsd::sample_ratio_verdict sample_ratio{};
  } experiment{};

  struct {
    std::uint64_t scores = 0, psi_alarms = 0, adwin_alarms = 0, windows = 0;
    double psi = 0;
    bool psi_drifted = false;
    std::vector<double> before{}, after{};
  } drift{};

  double seconds = 0;
};
