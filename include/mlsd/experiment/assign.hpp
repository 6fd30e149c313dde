#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"

namespace mlsd {

/// An experiment: who takes part, and who of those gets which arm.
/// Of each layer every unit takes a fixed place in [0, 1): experiments of one layer with ranges that do not overlap
/// never share a unit, experiments of different layers share units at random.
struct assignment_config {
  std::string experiment{};          ///< names the split among arms: another name, an independent split
  std::vector<double> shares{1, 1};  ///< of the arms, in proportion; arm 0 is the control
  std::string layer{};               ///< empty: a layer of its own
  double from = 0, to = 1;           ///< places of the layer that take part
};

/// Puts units (users, sessions, requests) into arms: a function of the names and the unit alone, so that every process
/// gives the same answer without asking any other, and a unit keeps its arm.
/// Call: two hashes of the unit, no allocation. Memory: 8 bytes an arm.
/// The chance of an arm is its share within 2^-52; whether the counts agree, `sample_ratio` says.
/// Widening [from, to) keeps the arms of those who take part already; changing shares moves units.
/// Source: Tang, Agarwal, O'Brien, Meyer, Overlapping Experiment Infrastructure (2010).
class assignment {
 public:
  assignment() = default;

  /// Errors: no name, no arm, a share that is negative or not finite, all shares 0, a range outside [0, 1].
  template <class = void> [[nodiscard]] static result<assignment> make(const assignment_config& config) {
    if (config.experiment.empty()) return error{errc::invalid_argument, "an experiment has no name"};
    if (config.shares.empty() || config.shares.size() > most_arms)
      return error{errc::invalid_argument, "experiment '" + config.experiment + "' has no arm, or more than 65536"};
    double sum = 0;
    for (const double s : config.shares) {
      if (!(std::isfinite(s) && s >= 0))
        return error{errc::invalid_argument,
                     "a share of experiment '" + config.experiment + "' is negative or not finite"};
      sum += s;
    }
    if (!(sum > 0 && std::isfinite(sum)))
      return error{errc::invalid_argument,
                   "the shares of experiment '" + config.experiment + "' have no finite sum above 0"};
    if (!(config.from >= 0 && config.from <= config.to && config.to <= 1))
      return error{errc::invalid_argument, "the range of experiment '" + config.experiment + "' is not within [0, 1]"};
    assignment a;
    a.arm_seed_ = xxh64(config.experiment);
    a.layer_seed_ = combine(xxh64(config.layer.empty() ? config.experiment : config.layer), layer_mark);
    a.from_ = place(config.from);
    a.to_ = place(config.to);
    double below = 0;
    for (const double s : config.shares) a.ends_.push_back(place((below += s) / sum));
    std::size_t last = a.ends_.size();
    while (config.shares[last - 1] == 0) --last;
    for (; last <= a.ends_.size(); ++last) a.ends_[last - 1] = whole;  // rounding of the sum leaves nobody out
    return a;
  }

  /// The arm of a unit; none if it takes no part. The same for equal whole numbers of any type; numbers and text are
  /// unrelated.
  template <std::integral Unit> [[nodiscard]] std::optional<std::size_t> operator()(Unit unit) const noexcept {
    return arm(hash_key(unit, layer_seed_), hash_key(unit, arm_seed_));
  }
  [[nodiscard]] std::optional<std::size_t> operator()(std::string_view unit) const noexcept {
    return arm(hash_key(unit, layer_seed_), hash_key(unit, arm_seed_));
  }
  [[nodiscard]] std::size_t arms() const noexcept { return ends_.size(); }

  friend bool operator==(const assignment&, const assignment&) = default;

  static constexpr std::string_view type_name = "assignment";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("arm_seed", self.arm_seed_);
    ar("layer_seed", self.layer_seed_);
    ar("from", self.from_);
    ar("to", self.to_);
    ar("ends", self.ends_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (from_ > to_ || to_ > whole) return error{errc::corrupt, "the range of an experiment is not within its layer"};
    for (std::size_t i = 0; i < ends_.size(); ++i)
      if (i > 0 && ends_[i] < ends_[i - 1]) return error{errc::corrupt, "the arms of an experiment overlap"};
    if (ends_.size() > most_arms || (!ends_.empty() && ends_.back() != whole))
      return error{errc::corrupt, "the arms of an experiment do not add up"};
    return {};
  }

 private:
  static constexpr std::uint64_t whole = std::uint64_t{1} << 53;
  static constexpr std::uint64_t layer_mark = 0x6c61796572;  // so that no experiment splits as its layer does
  static constexpr std::size_t most_arms = 65536;

  static std::uint64_t place(double share) noexcept {
    return share >= 1 ? whole : static_cast<std::uint64_t>(share * static_cast<double>(whole));
  }
  [[nodiscard]] std::optional<std::size_t> arm(std::uint64_t layer_hash, std::uint64_t arm_hash) const noexcept {
    const std::uint64_t in_layer = layer_hash >> 11, in_arms = arm_hash >> 11;
    if (in_layer < from_ || in_layer >= to_) return std::nullopt;
    for (std::size_t i = 0; i < ends_.size(); ++i)
      if (in_arms < ends_[i]) return i;
    return std::nullopt;
  }

  std::uint64_t arm_seed_ = 0, layer_seed_ = 0, from_ = 0, to_ = 0;
  std::vector<std::uint64_t> ends_;
};

}  // namespace mlsd
