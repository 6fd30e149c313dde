/// The two models of the job, how they are judged, and the drift of what they read. Nothing here depends on the table.
#pragma once

#include "ad_click/outcome.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/drift/ks_reference.hpp"
#include "mlsd/drift/psi_reference.hpp"
#include "mlsd/scoring/calibrated.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/isotonic.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/scoring/margin_shift.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Boosted trees trained on down-sampled rows, shifted back to the whole population, then calibrated.
using tree_model = mlsd::calibrated<mlsd::calibrated<mlsd::gbdt_model, mlsd::margin_shift>, mlsd::isotonic_map>;
using line_model = mlsd::calibrated<mlsd::linear_model, mlsd::isotonic_map>;

struct tree_settings {
  std::uint32_t trees = 100;
  double keep_negatives = 1;
  std::uint64_t seed = 1;
};

[[nodiscard]] mlsd::result<tree_model> train_trees(const mlsd::training_matrix& rows,
                                                   const mlsd::labelled_matrix& calibration,
                                                   const tree_settings& settings, mlsd::threads& pool);
[[nodiscard]] mlsd::result<line_model> train_line(const mlsd::training_matrix& rows,
                                                  const mlsd::labelled_matrix& calibration);

/// AUC of the margins before calibration, whose steps make ties; all else of the calibrated probabilities.
/// `truth` is the true probability of each row where it is known, else empty.
template <class Model>
[[nodiscard]] model_outcome evaluate(std::string name, const Model& model, const mlsd::labelled_matrix& rows,
                                     std::span<const double> truth, mlsd::threads& pool);
[[nodiscard]] double raw_auc(const tree_model& model, const mlsd::labelled_matrix& rows, mlsd::threads& pool);

/// What a column or the scores looked like in training; kept in the model's file to compare the present with.
struct reference {
  std::string name{};
  mlsd::psi_reference psi{};
  mlsd::ks_reference ks{};

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("name", self.name);
    ar("psi", self.psi);
    ar("ks", self.ks);
  }
};

/// The references of every column of `before` and of its scores, and how far `after` is from them.
struct drift_found {
  std::vector<reference> references{};
  std::vector<mlsd::report::drift_row> lines{};
};
[[nodiscard]] drift_found measure_drift(const tree_model& model, const mlsd::labelled_matrix& before,
                                        const mlsd::labelled_matrix& after, mlsd::threads& pool);
