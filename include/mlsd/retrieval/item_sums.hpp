#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mlsd {

/// A sum for each item of which only some are touched; scratch of retrievers. Emptying it costs what was touched, not
/// the number of items. After `prepare` nothing allocates. 13 bytes an item.
class item_sums {
 public:
  /// Makes room for items 0 to n - 1; does nothing if there is.
  template <class = void> void prepare(std::size_t n) {
    if (sum_.size() >= n) return;
    sum_.resize(n);
    state_.resize(n);
    touched_.resize(n);
  }
  [[nodiscard]] std::size_t size() const noexcept { return sum_.size(); }

  /// Adds to the sum of an item. Products of two floats are exact in double: pass them unrounded.
  void add(std::uint32_t item, double x) noexcept {
    touch(item);
    sum_[item] += x;
  }
  /// Leaves the item out of `drain`.
  void bar(std::uint32_t item) noexcept {
    touch(item);
    state_[item] = barred;
  }
  /// Calls `f(item, sum)` for what was added to and not barred, in order of first touch; then everything is empty.
  template <class F> void drain(F&& f) noexcept {
    for (std::size_t k = 0; k < count_; ++k) {
      const std::uint32_t item = touched_[k];
      const bool wanted = state_[item] == open;
      const double sum = sum_[item];
      state_[item] = untouched;
      sum_[item] = 0;
      if (wanted) f(item, sum);
    }
    count_ = 0;
  }

 private:
  enum : std::uint8_t { untouched, open, barred };
  void touch(std::uint32_t item) noexcept {
    if (state_[item] != untouched) return;
    state_[item] = open;
    touched_[count_++] = item;
  }
  std::vector<double> sum_{};
  std::vector<std::uint8_t> state_{};
  std::vector<std::uint32_t> touched_{};
  std::size_t count_ = 0;
};

}  // namespace mlsd
