#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// Several features of few bins that share a byte: the byte numbers the combinations of bins that occur, 256 at most.
/// Columns of a one-hot code are one such bundle, since a row has one of them; so are eight flags, or 15 and 17 bins.
/// What a leaf's histogram says of combinations, added up, is what it says of each feature: nothing is approximated.
class bin_bundle {
 public:
  static constexpr std::size_t most_states = 256;

  /// No feature: one combination.
  template <class = void> explicit bin_bundle(std::size_t rows) : state_(rows, 0), states_(1) {}

  /// Adds a feature of up to `bins` bins, `bin(i)` for row i; false, and no change, if that makes too many
  /// combinations. O(rows).
  template <class Bin> [[nodiscard]] bool add(std::size_t bins, Bin&& bin) {
    if (!add_up(bins, bin, sample_step())) return false;
    if (!add_up(bins, bin, 1)) return false;
    for (std::size_t i = 0; i < state_.size(); ++i)
      state_[i] = static_cast<std::uint8_t>(number_[state_[i] * bins + bin(i)]);
    for (auto& table : bin_of_state_) {
      std::vector<std::uint8_t> longer(from_.size());
      for (std::size_t s = 0; s < from_.size(); ++s) longer[s] = table[from_[s] / bins];
      table = std::move(longer);
    }
    bin_of_state_.emplace_back(from_.size());
    for (std::size_t s = 0; s < from_.size(); ++s) bin_of_state_.back()[s] = static_cast<std::uint8_t>(from_[s] % bins);
    states_ = from_.size();
    return true;
  }

  [[nodiscard]] std::size_t features() const noexcept { return bin_of_state_.size(); }
  [[nodiscard]] std::size_t states() const noexcept { return states_; }
  /// The combination of each row.
  [[nodiscard]] std::span<const std::uint8_t> rows() const noexcept { return {state_.data(), state_.size()}; }
  /// The bin of feature f in each combination.
  [[nodiscard]] const std::vector<std::uint8_t>& bin_of_state(std::size_t f) const noexcept { return bin_of_state_[f]; }

 private:
  static constexpr std::uint16_t unseen = 0xFFFF;

  /// A quick look at some rows tells most features that do not fit.
  [[nodiscard]] std::size_t sample_step() const noexcept { return state_.size() / 4096 + 1; }

  /// Numbers the pairs of combination and bin that occur; false if there are too many.
  template <class Bin> [[nodiscard]] bool add_up(std::size_t bins, Bin& bin, std::size_t step) {
    number_.assign(states_ * bins, unseen);
    from_.clear();
    for (std::size_t i = 0; i < state_.size(); i += step) {
      const std::size_t pair = state_[i] * bins + bin(i);
      if (number_[pair] != unseen) continue;
      if (from_.size() == most_states) return false;
      number_[pair] = static_cast<std::uint16_t>(from_.size());
      from_.push_back(pair);
    }
    return true;
  }

  std::vector<std::uint8_t> state_;
  std::size_t states_;
  std::vector<std::vector<std::uint8_t>> bin_of_state_;
  std::vector<std::uint16_t> number_;  // of the pairs of the last feature
  std::vector<std::size_t> from_;      // pair of each new combination
};

}  // namespace mlsd::detail
