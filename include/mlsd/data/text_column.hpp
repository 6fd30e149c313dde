#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mlsd {

/// A column of texts, end to end in one buffer. Views stay valid until the column grows.
/// `push_back` is amortised O(length); 8 bytes a row beside the text.
class text_column {
 public:
  using value_type = std::string_view;

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const std::uint64_t first = i == 0 ? 0 : ends_[i - 1];
    return {chars_.data() + first, static_cast<std::size_t>(ends_[i] - first)};
  }
  /// The text may be one of this column's own.
  template <class = void> void push_back(std::string_view text) {
    const std::size_t at = chars_.size();
    const auto first = reinterpret_cast<std::uintptr_t>(chars_.data());
    const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(text.data()) - first;
    const bool is_own = !text.empty() && offset < at;
    chars_.resize(at + text.size());
    std::copy_n(is_own ? chars_.data() + offset : text.data(), text.size(), chars_.data() + at);
    ends_.push_back(chars_.size());
  }
  /// Adds empty texts, or drops the last rows.
  template <class = void> void resize(std::size_t n) {
    if (n < ends_.size()) chars_.resize(n == 0 ? 0 : static_cast<std::size_t>(ends_[n - 1]));
    ends_.resize(n, chars_.size());
  }
  void reserve(std::size_t n) { ends_.reserve(n); }
  void clear() noexcept {
    chars_.clear();
    ends_.clear();
  }
  friend bool operator==(const text_column&, const text_column&) = default;

 private:
  std::vector<char> chars_;
  std::vector<std::uint64_t> ends_;
};

}  // namespace mlsd
