/// Objectives by name, and a training run under one of them.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "train/dataset.hpp"
#include "train/settings.hpp"

#include <string>

/// What predictions are compared with: decides which metrics are shown.
enum class objective_kind { two_classes, several_classes, numbers, ranking };

struct objective {
  std::string name{};  ///< the library's
  double parameter = 0;
  bool has_parameter = false;
  objective_kind kind = objective_kind::numbers;
};

/// "name" or "name:parameter", LightGBM's names too; an error lists the names there are.
[[nodiscard]] mlsd::result<objective> objective_of(const std::string& text);

struct training_run {
  mlsd::gbdt_model model{};
  double bin_seconds = 0, cpu_seconds = 0, wall_seconds = 0;  ///< the last two with binning
  double train_loss = 0, test_loss = 0;                       ///< means of what is minimised
};

/// Rows and where they came from; no rows without a file.
struct rows_of_file {
  const std::string& path;
  mlsd::labelled_rows rows{};
  const row_lines& lines;
};

/// Fits with a progress bar; an interrupt (SIGINT) ends training with the trees there are. The labels of all files are
/// looked at before; errors name the file, and the line of a label.
[[nodiscard]] mlsd::result<training_run> run_training(const objective& o, const settings& s,
                                                      const mlsd::training_rows& data, const rows_of_file& train,
                                                      const rows_of_file& valid, const rows_of_file& test,
                                                      mlsd::threads& pool);
