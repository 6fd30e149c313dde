#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

  /// Adds a feature of up to `bins` bins, `bin[i]` that of row i; false, and no change, if that makes too many
  /// combinations, where each of those before with the bin `base` counts as one. O(rows), and most of it skips rows
  /// whose bin is `base`.
  template <class = void>
  [[nodiscard]] bool add(std::size_t bins, std::size_t base, std::span<const std::uint8_t> bin) {
    start(bins, base);
    if (!look_at_some(bin)) return false;
    start(bins, base);
    next_ = state_;
    constexpr std::size_t word = 8;
    const std::uint64_t all_base = 0x0101'0101'0101'0101u * base;
    for (std::size_t i = 0; i < bin.size(); i += word) {
      const std::size_t n = (std::min)(word, bin.size() - i);
      std::uint64_t some = all_base;
      std::memcpy(&some, bin.data() + i, n);
      if (some == all_base) continue;
      for (std::size_t k = i; k < i + n; ++k)
        if (!number(k, bin[k])) return false;
    }
    state_.swap(next_);
    keep();
    return true;
  }

  /// The same of a feature whose bin is `base` but in the rows `row`, ascending, which have `bin[i]`.
  /// O(listed rows + combinations x bins).
  template <class = void>
  [[nodiscard]] bool add(std::size_t bins, std::size_t base, std::span<const std::uint32_t> row,
                         std::span<const std::uint8_t> bin) {
    start(bins, base);
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!find(state_[row[i]] * bins + bin[i])) return false;
    for (std::size_t i = 0; i < row.size(); ++i)
      state_[row[i]] = static_cast<std::uint8_t>(number_[state_[row[i]] * bins + bin[i]]);
    keep();
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

  /// A combination with the new feature's first bin keeps its number.
  void start(std::size_t bins, std::size_t base) {
    bins_ = bins;
    number_.assign(states_ * bins, unseen);
    from_.clear();
    for (std::size_t s = 0; s < states_; ++s) {
      number_[s * bins + base] = static_cast<std::uint16_t>(s);
      from_.push_back(s * bins + base);
    }
  }
  /// Numbers a combination with its new bin; false if there are too many.
  [[nodiscard]] bool find(std::size_t pair) {
    if (number_[pair] != unseen) return true;
    if (from_.size() == most_states) return false;
    number_[pair] = static_cast<std::uint16_t>(from_.size());
    from_.push_back(pair);
    return true;
  }
  /// That of row i.
  [[nodiscard]] bool number(std::size_t i, std::size_t bin) {
    const std::size_t pair = state_[i] * bins_ + bin;
    if (!find(pair)) return false;
    next_[i] = static_cast<std::uint8_t>(number_[pair]);
    return true;
  }
  /// A quick look that tells of most features that they do not fit.
  [[nodiscard]] bool look_at_some(std::span<const std::uint8_t> bin) {
    next_.resize(state_.size());
    const std::size_t step = state_.size() / 4096 + 1;
    for (std::size_t i = 0; i < bin.size(); i += step)
      if (!number(i, bin[i])) return false;
    return true;
  }
  /// Brings the tables from states to bins up to date.
  void keep() {
    for (auto& table : bin_of_state_)  // old states keep their numbers
      for (std::size_t s = states_; s < from_.size(); ++s) table.push_back(table[from_[s] / bins_]);
    bin_of_state_.emplace_back(from_.size());
    for (std::size_t s = 0; s < from_.size(); ++s)
      bin_of_state_.back()[s] = static_cast<std::uint8_t>(from_[s] % bins_);
    states_ = from_.size();
  }

  std::vector<std::uint8_t> state_, next_;
  std::size_t states_, bins_ = 1;
  std::vector<std::vector<std::uint8_t>> bin_of_state_;
  std::vector<std::uint16_t> number_;  // of the pairs of a combination and a bin
  std::vector<std::size_t> from_;      // pair of each new combination
};

}  // namespace mlsd::detail
