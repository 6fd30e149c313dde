#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"

namespace mlsd {

/// Where the weights of a linear model lie in one array: the numbers [n], then a block [cardinality] for each code
/// column, then a weight [n] that stands in for each number when it is missing.
/// `sparse_width()` counts the first two parts, which a `sparse_row` indexes; `size()` counts all three.
class linear_layout {
 public:
  linear_layout() = default;
  /// Requires every cardinality to be at least 1.
  template <class = void>
  explicit linear_layout(std::size_t numbers, std::span<const std::uint32_t> cardinality = {}) : offset_{numbers} {
    for (const std::uint32_t c : cardinality) {
      assert(c != 0);
      offset_.push_back(offset_.back() + c);
    }
  }

  [[nodiscard]] std::size_t numbers() const noexcept { return static_cast<std::size_t>(offset_.front()); }
  [[nodiscard]] std::size_t codes() const noexcept { return offset_.size() - 1; }
  [[nodiscard]] std::size_t sparse_width() const noexcept { return static_cast<std::size_t>(offset_.back()); }
  [[nodiscard]] std::size_t size() const noexcept { return sparse_width() + numbers(); }

  /// Where the weight of number j lies.
  [[nodiscard]] std::size_t number(std::size_t j) const noexcept { return j; }
  /// Where the weight lies that is added when number j is missing.
  [[nodiscard]] std::size_t missing(std::size_t j) const noexcept { return sparse_width() + j; }
  /// Where the weight of `code` in code column j lies; `nowhere` for a code that the model has not got.
  [[nodiscard]] std::size_t code(std::size_t j, std::uint32_t code) const noexcept {
    const std::uint64_t at = offset_[j] + code;
    return at < offset_[j + 1] ? static_cast<std::size_t>(at) : nowhere;
  }
  static constexpr std::size_t nowhere = ~std::size_t{0};

  [[nodiscard]] std::uint32_t cardinality(std::size_t j) const noexcept {
    return static_cast<std::uint32_t>(offset_[j + 1] - offset_[j]);
  }

  friend bool operator==(const linear_layout&, const linear_layout&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("offset", self.offset_); }
  [[nodiscard]] result<void> validate() const {
    constexpr std::uint64_t largest = std::uint64_t{1} << 40;
    if (offset_.empty() || offset_.front() > largest)
      return error{errc::corrupt, "linear layout: the number of number columns is out of range"};
    for (std::size_t j = 0; j + 1 < offset_.size(); ++j)
      if (offset_[j + 1] <= offset_[j] || offset_[j + 1] > largest ||
          offset_[j + 1] - offset_[j] > (std::numeric_limits<std::uint32_t>::max)())
        return error{errc::corrupt, "linear layout: code column " + std::to_string(j) + " has a bad cardinality"};
    return {};
  }

 private:
  std::vector<std::uint64_t> offset_{0};  // numbers(), then the end of each code block
};

/// A number that a linear model multiplies; NaN and the infinities count as missing.
[[nodiscard]] inline bool is_present(float x) noexcept {
  return x <= (std::numeric_limits<float>::max)() && x >= std::numeric_limits<float>::lowest();
}

namespace detail {
/// term(0) + ... + term(n - 1) in four lanes: the order in which every linear model adds.
template <class Term> [[nodiscard]] inline double sum_in_lanes(std::size_t n, Term&& term) noexcept {
  double a = 0, b = 0, c = 0, d = 0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    a += term(i);
    b += term(i + 1);
    c += term(i + 2);
    d += term(i + 3);
  }
  if (i < n) a += term(i);
  if (i + 1 < n) b += term(i + 1);
  if (i + 2 < n) c += term(i + 2);
  return (a + b) + (c + d);
}
}  // namespace detail

}  // namespace mlsd
