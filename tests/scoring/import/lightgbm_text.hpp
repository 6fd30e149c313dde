// What must hold for any text that is said to be a model of LightGBM: asked by the fuzzer and by tests.
#pragma once

#include "draws.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"
#include "mlsd/scoring/import/lightgbm_export.hpp"
#include "scoring/import/lightgbm_models.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace lightgbm_models {

enum class outcome { refused, scored, unplaced_error, wrong_leaf, export_differs };

/// Refused with the place of the fault, or a model whose rows end in leaves, and which survives being written again.
inline outcome outcome_of(std::string_view text) {
  const auto m = mlsd::import_lightgbm(text);
  if (!m) return m.error().line != 0 && m.error().column != 0 ? outcome::refused : outcome::unplaced_error;
  if (m->width() > 1000) return outcome::scored;
  const auto written = mlsd::to_lightgbm(*m);
  const auto again = written ? mlsd::import_lightgbm(*written) : mlsd::result<mlsd::imported_gbdt>(written.error());
  mlsd_test::draws random{text.size()};
  std::vector<double> x(m->width()), margins(m->room()), margins_again(m->room());
  std::vector<std::uint32_t> leaves(m->trees());
  for (int i = 0; i < 4; ++i) {
    for (double& v : x)
      v = random.below(4) == 0 ? std::numeric_limits<double>::quiet_NaN()
                               : std::round(random.uniform() * 200 - 100) / 4;
    const std::span<const double> row(x);
    m->leaves(row, leaves);
    for (std::size_t t = 0; t < leaves.size(); ++t)
      if (leaves[t] > m->model.forest().splits_of(t)) return outcome::wrong_leaf;
    m->predict(row, std::span(margins));
    if (!again) continue;
    again->predict(row, std::span(margins_again));
    for (std::size_t k = 0; k < m->predictions(); ++k)
      if (!same_bits(margins[k], margins_again[k])) return outcome::export_differs;
  }
  return outcome::scored;
}

}  // namespace lightgbm_models
