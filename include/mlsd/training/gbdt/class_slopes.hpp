#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/training/gbdt/fixed_slopes.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/slope_tile.hpp"
#include "mlsd/training/loss/class_loss.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// The slopes of the rows at places [first, last), and the largest of each output.
template <class Loss>
[[nodiscard]] MLSD_UNCONTRACTED std::vector<largest_slopes> differentiate_rows(
    const Loss& loss, const labelled_rows& data, std::span<const std::span<const double>> margins,
    std::span<const std::uint32_t> rows, std::size_t first, std::size_t last,
    std::span<std::vector<row_slope>> slopes) {
  MLSD_CONTRACT_OFF
  const std::size_t outputs = margins.size();
  std::vector<double> margin(outputs);
  std::vector<loss_slope> slope(outputs);
  std::vector<largest_slopes> largest(outputs);
  for (std::size_t i = first; i < last; ++i) {
    const double w = static_cast<double>(data.weight_of(rows[i]));
    for (std::size_t k = 0; k < outputs; ++k) margin[k] = margins[k][rows[i]];
    loss.slopes(std::span<const double>(margin), data.label[rows[i]], std::span<loss_slope>(slope));
    for (std::size_t k = 0; k < outputs; ++k) {
      const auto g = static_cast<float>(w * slope[k].gradient);
      const auto h = static_cast<float>(w * slope[k].hessian) + 0.0f;  // no -0
      slopes[k][i] = row_slope::of_floats(g, h);
      largest[k] = larger(largest[k], largest_slopes::of(g, h));
    }
  }
  return largest;
}

/// `slopes[k][i]`: the slope of row `rows[i]` by margin k, times its weight, still as the bits of floats. `margins[k]`
/// has the margins of output k by row. Returns the largest of each output.
template <class Loss, executor Ex>
[[nodiscard]] std::vector<largest_slopes> differentiate_classes(const Loss& loss, const labelled_rows& data,
                                                                std::span<const std::span<const double>> margins,
                                                                std::span<const std::uint32_t> rows,
                                                                std::span<std::vector<row_slope>> slopes, Ex& ex) {
  for (std::vector<row_slope>& of : slopes) of.resize(rows.size());
  std::vector<std::vector<largest_slopes>> part(chunk_count(rows.size(), slope_grain));
  for_each_chunk(ex, rows.size(), slope_grain, [&](std::size_t a, std::size_t b) {
    part[a / slope_grain] = differentiate_rows(loss, data, margins, rows, a, b, slopes);
  });
  std::vector<largest_slopes> most(margins.size());
  for (const auto& largest : part)
    for (std::size_t k = 0; k < most.size(); ++k) most[k] = larger(most[k], largest[k]);
  return most;
}

}  // namespace mlsd::detail
