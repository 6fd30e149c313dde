#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/training/loss/class_loss.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd {

/// Log loss of several classes: minus the logarithm of the share that a softmax of the margins gives the label, a whole
/// number from 0 to K - 1. At least two classes must occur. One that does not is allowed: it starts at log 1e-15 and
/// hardly moves. Hessians are K / (K - 1) of the diagonal, as LightGBM has them: for two classes a step is that of
/// `logistic`. Source: Friedman, Greedy Function Approximation (2001), section 4.6, for the factor.
struct softmax {
  static constexpr link_function output = link_function::softmax;
  std::uint32_t classes = 0;  ///< 0: as many as the largest label of a row that counts says, and one; at most 4,096

  template <class = void>
  [[nodiscard]] std::size_t outputs(std::span<const float> labels, std::span<const float> weights) const noexcept {
    return classes != 0 ? classes : detail::classes_of(labels, weights);
  }
  template <class = void>
  [[nodiscard]] static result<void> check(std::span<const float> labels, std::span<const float> weights,
                                          std::size_t outputs) {
    if (outputs > detail::most_classes) return error{errc::capacity, "softmax tells at most 4096 classes apart"};
    if (auto ok = detail::check_class_labels(labels, weights, outputs, "softmax"); !ok) return ok;
    if (outputs < 2) return error{errc::one_class, "softmax needs at least two classes"};
    return {};
  }
  /// Logarithms of the shares of the classes.
  template <class = void>
  [[nodiscard]] static std::vector<double> initial(std::span<const float> labels, std::span<const float> weights,
                                                   std::size_t outputs) {
    std::vector<double> margin(outputs, 0.0);
    double total = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double w = detail::weight_at(weights, i);
      if (!(w > 0)) continue;  // its label may be none
      margin[static_cast<std::size_t>(labels[i])] += w;
      total += w;
    }
    for (double& m : margin) m = math::log((std::max)(m / total, 1e-15));
    return margin;
  }
  MLSD_UNCONTRACTED static void slopes(std::span<const double> margins, float label,
                                       std::span<loss_slope> out) noexcept {
    MLSD_CONTRACT_OFF
    const double greatest = *std::max_element(margins.begin(), margins.end());
    double sum = 0;
    for (std::size_t k = 0; k < margins.size(); ++k) sum += out[k].gradient = math::exp(margins[k] - greatest);
    const auto classes_there = static_cast<double>(margins.size());
    const double factor = classes_there / (classes_there - 1);
    for (loss_slope& s : out) {
      const double p = s.gradient / sum;
      s = {p, factor * p * (1 - p)};
    }
    out[static_cast<std::size_t>(label)].gradient -= 1;
  }
  [[nodiscard]] MLSD_UNCONTRACTED static double value(std::span<const double> margins, float label) noexcept {
    MLSD_CONTRACT_OFF
    const double greatest = *std::max_element(margins.begin(), margins.end());
    double sum = 0;
    for (const double m : margins) sum += math::exp(m - greatest);
    return math::log(sum) + (greatest - margins[static_cast<std::size_t>(label)]);
  }
};

}  // namespace mlsd
