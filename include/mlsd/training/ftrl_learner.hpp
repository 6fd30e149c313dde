#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_row.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/training/loss.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// How fast FTRL-Proximal learns and what it penalises; the penalties are on the sum of the losses, not on the mean.
struct ftrl_config {
  float alpha = 0.1f;  ///< step of a weight: alpha / (beta + sqrt(sum of its squared gradients)); 0.01 to 1
  float beta = 1;      ///< damps the first steps; 0 to 10
  float l1 = 0;        ///< a weight stays exactly 0 until its gradients add up to more than this
  float l2 = 0;        ///< pulls weights towards 0
  double base = 0;     ///< margin before anything is learnt

  friend bool operator==(const ftrl_config&, const ftrl_config&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("alpha", self.alpha);
    ar("beta", self.beta);
    ar("l1", self.l1);
    ar("l2", self.l2);
    ar("base", self.base);
  }

  template <class = void> [[nodiscard]] result<void> check() const {
    if (!(alpha >= 1e-6f && alpha <= 1e6f)) return error{errc::invalid_argument, "ftrl: alpha must be in [1e-6, 1e6]"};
    if (!(beta >= 0 && beta <= 1e6f)) return error{errc::invalid_argument, "ftrl: beta must be in [0, 1e6]"};
    if (!(l1 >= 0 && l1 <= 1e30f)) return error{errc::invalid_argument, "ftrl: l1 must be in [0, 1e30]"};
    if (!(l2 >= 0 && l2 <= 1e30f)) return error{errc::invalid_argument, "ftrl: l2 must be in [0, 1e30]"};
    if (!std::isfinite(base)) return error{errc::invalid_argument, "ftrl: the base margin must be finite"};
    return {};
  }
};

/// Learns a linear model from a stream, one row at a time (FTRL-Proximal). Each weight has its own step, which shrinks
/// as its gradients add up; so rare features still learn when frequent ones have settled. `model()` is a snapshot.
/// 8 bytes of state a weight; O(features) a row. The bits depend on the rows and their order, not on compiler flags.
/// A missing number teaches the weight of "missing"; a code outside its cardinality teaches nothing.
/// The row's weight scales its gradient; 0 changes nothing. The bias is learnt like a weight, without penalties.
/// Labels and weights must be finite, weights >= 0, and labels in the domain of the loss.
/// One writer at a time; `score` and `model` are safe from many threads while nobody learns.
/// Source: McMahan et al., Ad click prediction: a view from the trenches (2013). The state kept is z and sqrt(n).
template <loss_function Loss = logistic> class ftrl_learner {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "ftrl_learner";

  ftrl_learner() : ftrl_learner(ftrl_config{}, linear_layout{}) {}
  [[nodiscard]] static result<ftrl_learner> make(ftrl_config config, linear_layout layout) {
    if (auto r = config.check(); !r) return r.error();
    if (auto r = layout.validate(); !r) return r.error();
    return ftrl_learner(config, std::move(layout));
  }

  /// Learns one row; returns its margin before that (so that its mean loss is a progressive validation).
  double learn(const mixed_row& row, float label, float weight = 1) noexcept {
    assert(row.numbers.size() == layout_.numbers() && row.codes.size() == layout_.codes());
    for (std::size_t j = 0; j < row.numbers.size(); ++j) place_number(j, row.numbers[j]);
    for (std::size_t j = 0; j < row.codes.size(); ++j) place_code(row.numbers.size() + j, j, row.codes[j]);
    return step(row.numbers.size(), row.codes.size(), label, weight);
  }
  /// Allocates only when a row is longer than every row before it; the program ends if there is no memory for that.
  double learn(const sparse_row& row, float label, float weight = 1) noexcept {
    if (row.size() > active_.size()) active_.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool known = row.index[i] < layout_.sparse_width() && is_present(row.value_of(i));
      active_[i] = known ? entry{row.index[i], row.value_of(i), 0} : entry{nowhere(), 0, 0};
    }
    return step(row.size(), 0, label, weight);
  }
  /// A hint that `row` will be learnt a few rows from now.
  // Inlined by force: g++ takes a function that only prefetches for one without effect, and drops its calls.
  [[gnu::always_inline]] void prefetch([[maybe_unused]] const mixed_row& row) const noexcept {
#if defined(__GNUC__)
    for (std::size_t j = 0; j < row.codes.size(); ++j) {
      const std::size_t at = layout_.code(j, row.codes[j]);
      if (at != linear_layout::nowhere) __builtin_prefetch(&cells_[at], 1);
    }
#endif
  }
  [[gnu::always_inline]] void prefetch([[maybe_unused]] const sparse_row& row) const noexcept {
#if defined(__GNUC__)
    for (const std::uint32_t at : row.index)
      if (at < layout_.sparse_width()) __builtin_prefetch(&cells_[at], 1);
#endif
  }

  /// The margin that `model()` would give, without making one.
  [[nodiscard]] double raw(const mixed_row& row) const noexcept {
    assert(row.numbers.size() == layout_.numbers() && row.codes.size() == layout_.codes());
    const double numbers = detail::sum_in_lanes(row.numbers.size(), [&](std::size_t j) {
      const float x = row.numbers[j];
      return is_present(x) ? double{weight(cells_[j])} * double{x} : double{weight(cells_[layout_.missing(j)])};
    });
    const double codes = detail::sum_in_lanes(row.codes.size(), [&](std::size_t j) {
      const std::size_t at = layout_.code(j, row.codes[j]);
      return at != linear_layout::nowhere ? double{weight(cells_[at])} : 0.0;
    });
    return (bias() + numbers) + codes;
  }
  [[nodiscard]] double raw(const sparse_row& row) const noexcept {
    return bias() + detail::sum_in_lanes(row.size(), [&](std::size_t i) {
             const float x = row.value_of(i);
             const bool known = row.index[i] < layout_.sparse_width() && is_present(x);
             return known ? double{weight(cells_[row.index[i]])} * double{x} : 0.0;
           });
  }
  /// The prediction that `model()` would give.
  template <class Row> [[nodiscard]] double score(const Row& row) const noexcept {
    return apply(Loss::output, raw(row));
  }

  /// The weights of this moment. O(layout.size()) time and memory.
  [[nodiscard]] linear_model model() const {
    linear_parts parts{.output = Loss::output, .bias = bias(), .layout = layout_, .weight = {}};
    parts.weight.resize(layout_.size());
    for (std::size_t i = 0; i < parts.weight.size(); ++i) parts.weight[i] = weight(cells_[i]);
    return linear_model::make(std::move(parts)).value();
  }
  [[nodiscard]] const linear_layout& layout() const noexcept { return layout_; }
  [[nodiscard]] const ftrl_config& config() const noexcept { return config_; }

  /// A stream can stop in one process and go on in another, with the same bits.
  friend bool operator==(const ftrl_learner& a, const ftrl_learner& b) {
    return a.config_ == b.config_ && a.layout_ == b.layout_ && a.cells_ == b.cells_;
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("config", self.config_);
    ar("layout", self.layout_);
    ar("cells", self.cells_);
    if constexpr (!std::is_const_v<Self>)
      if (self.validate()) self = ftrl_learner(self.config_, std::move(self.layout_), std::move(self.cells_));
  }
  [[nodiscard]] result<void> validate() const {
    if (auto r = config_.check(); !r) return r;
    if (auto r = layout_.validate(); !r) return r;
    if (cells_.size() != layout_.size() + 2)
      return error{errc::corrupt, "ftrl: " + std::to_string(cells_.size()) + " cells where " +
                                      std::to_string(layout_.size() + 2) + " are needed"};
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (!(std::fabs(cells_[i].z) <= most) || !(cells_[i].s >= 0 && cells_[i].s <= most))
        return error{errc::corrupt, "ftrl: cell " + std::to_string(i) + " is out of range"};
    if (!(cells_.back() == cell{})) return error{errc::corrupt, "ftrl: the last cell must be zero"};
    return {};
  }

 private:
  struct cell {
    float z = 0;  // gradients, less what the steps have already used
    float s = 0;  // sqrt of the sum of squared gradients
    friend bool operator==(const cell&, const cell&) = default;
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("z", self.z);
      ar("s", self.s);
    }
  };
  struct entry {
    std::size_t at = 0;
    float x = 0;
    float w = 0;
  };

  ftrl_learner(ftrl_config config, linear_layout layout) : ftrl_learner(config, std::move(layout), {}) {
    cells_.resize(layout_.size() + 2);
  }
  ftrl_learner(ftrl_config config, linear_layout layout, std::vector<cell> cells)
      : config_(config),
        layout_(std::move(layout)),
        cells_(std::move(cells)),

        active_(layout_.numbers() + layout_.codes()),
        inverse_alpha_(1.0f / config.alpha),
        bias_damping_(double{config.beta} / double{config.alpha}),
        damping_(bias_damping_ + double{config.l2}) {}

  [[nodiscard]] std::size_t at_bias() const noexcept { return cells_.size() - 2; }
  [[nodiscard]] std::size_t nowhere() const noexcept { return cells_.size() - 1; }  // stays zero
  [[nodiscard]] float bias_weight() const noexcept {
    const cell& c = cells_[at_bias()];
    if (c.z == 0) return 0;
    return bounded(-double{c.z} / (bias_damping_ + double{c.s} * double{inverse_alpha_}));
  }
  [[nodiscard]] double bias() const noexcept { return config_.base + double{bias_weight()}; }

  // Every product below is of two floats, so exact in double: fused or not, the bits are the same.
  [[nodiscard]] float weight(const cell& c) const noexcept {
    const double push = double{std::copysign(config_.l1, c.z)} - double{c.z};
    const float w = bounded(push / (damping_ + double{c.s} * double{inverse_alpha_}));
    return std::fabs(c.z) > config_.l1 ? w : 0.0f;  // without a branch, which would be a coin toss for rare features
  }
  void update(cell& c, float gradient, float w) const noexcept {
    const double g = double{bounded(double{gradient})};
    const float s = bounded(std::sqrt(double{c.s} * double{c.s} + g * g));
    const float sigma = (s - c.s) * inverse_alpha_;
    c.z = bounded(double{c.z} + (g - double{sigma} * double{w}));
    c.s = s;
  }
  /// Keeps gradients, state and weights finite, whatever the rows (or a file) hold.
  [[nodiscard]] static float bounded(double x) noexcept {
    return static_cast<float>((std::min)((std::max)(x, -double{most}), double{most}));
  }
  static constexpr float most = 1e30f;

  void place_number(std::size_t j, float x) noexcept {
    active_[j] = is_present(x) ? entry{layout_.number(j), x, 0} : entry{layout_.missing(j), 1, 0};
  }
  void place_code(std::size_t k, std::size_t j, std::uint32_t code) noexcept {
    const std::size_t at = layout_.code(j, code);
    active_[k] = at != linear_layout::nowhere ? entry{at, 1, 0} : entry{nowhere(), 0, 0};
  }
  double step(std::size_t numbers, std::size_t codes, float label, float row_weight) noexcept {
    assert(std::isfinite(label) && std::isfinite(row_weight) && row_weight >= 0);
    const auto term = [&](std::size_t k) {
      entry& e = active_[k];
      e.w = weight(cells_[e.at]);
      return double{e.w} * double{e.x};
    };
    const double in_numbers = detail::sum_in_lanes(numbers, term);
    const double in_codes = detail::sum_in_lanes(codes, [&](std::size_t k) { return term(numbers + k); });
    const float bias_before = bias_weight();
    const double margin = ((config_.base + double{bias_before}) + in_numbers) + in_codes;
    if (row_weight == 0) return margin;
    const float g = static_cast<float>(Loss{}.slope(margin, label).gradient * double{row_weight});
    for (std::size_t k = 0; k < numbers + codes; ++k) update(cells_[active_[k].at], g * active_[k].x, active_[k].w);
    update(cells_[at_bias()], g, bias_before);
    return margin;
  }

  ftrl_config config_;
  linear_layout layout_;
  std::vector<cell> cells_;
  std::vector<entry> active_;  // the row being learnt
  float inverse_alpha_;
  double bias_damping_;  // beta / alpha
  double damping_;       // and l2
};

}  // namespace mlsd
