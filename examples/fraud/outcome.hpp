/// What the program is asked and what it finds, as plain data.
#pragma once

#include "fraud/journal.hpp"
#include "fraud/ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fraud {

struct options {
  std::size_t events = 1'000'000;
  std::uint64_t seed = 7;       ///< of the simulated world
  double review_share = 0.003;  ///< of all charges, how many people can look at
  training_settings training{};
  std::string scratch{};  ///< how the names of the log and of the models begin
};

/// A stretch of days.
struct period {
  double first_day = 0, last_day = 0;
  tally model{}, rule{};
};
/// A model that was trained: of which charges it decided, and how it ranked them beside the one before it.
struct model_life {
  double day = 0;
  double champion = 0, challenger = 0;  ///< average precision on what was known when they were compared
  bool promoted = false;
};
struct alarm {
  double day = 0;
  std::string monitor{};
  bool is_false = false;  ///< before anything changed
};

struct outcome {
  std::string dataset{};
  std::uint64_t events = 0, frauds = 0, decided_by_models = 0, busiest_window = 0, reviews_a_day = 0;
  double change_day = 0;
  bool has_rule = false;
  tally model{}, rule{};
  std::vector<period> periods{};
  std::vector<model_life> models{};
  std::vector<alarm> alarms{};
  std::optional<std::uint64_t> alarm_delay_events{};
  std::uint64_t false_alarms = 0;
  double average_precision = 0, auc = 0;  ///< of the scores, where labels are all there is
  double decisions_per_second = 0, p50_us = 0, p99_us = 0, asked_share = 0,
         asked_frauds = 0;  ///< of all charges and of frauds, what the gate asked the forest about
  double allocations_per_decision = 0;
  skew replay{};
  double seconds = 0;

  [[nodiscard]] std::optional<double> loss_ratio_to_rule() const {
    return has_rule && rule.loss > 0 ? std::optional(model.loss / rule.loss) : std::nullopt;
  }
  [[nodiscard]] std::optional<double> loss_ratio_to_oracle() const {
    return model.oracle_loss > 0 ? std::optional(model.loss / model.oracle_loss) : std::nullopt;
  }
};

}  // namespace fraud
