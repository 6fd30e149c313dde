#pragma once

#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// Texts as codes: text c of the list is code c, and every text that is not in it is code `size()`. Immutable. Looking
/// up is O(log size) comparisons, noexcept, no allocation, safe from any number of threads.
class text_dictionary {
 public:
  static constexpr std::string_view type_name = "text dictionary";
  static constexpr std::uint32_t version = 1;

  text_dictionary() = default;
  /// An error names a text that is there twice.
  template <class = void> [[nodiscard]] static result<text_dictionary> of(std::vector<std::string> texts) {
    text_dictionary d;
    d.texts_ = std::move(texts);
    d.sort();
    if (auto ok = d.validate(); !ok) return error{errc::invalid_argument, ok.error().message};
    return d;
  }

  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }
  [[nodiscard]] std::span<const std::string> texts() const noexcept { return {texts_.data(), texts_.size()}; }
  [[nodiscard]] std::uint32_t code(std::string_view text) const noexcept {
    const auto at = std::lower_bound(order_.begin(), order_.end(), text, [this](std::uint32_t c, std::string_view t) {
      return std::string_view(texts_[c]) < t;
    });
    return at != order_.end() && texts_[*at] == text ? *at : static_cast<std::uint32_t>(texts_.size());
  }

  template <class = void> [[nodiscard]] result<void> validate() const {
    if (texts_.size() >= 0xFFFF'FFFFu) return error{errc::corrupt, "text dictionary: more than 2^32 - 2 texts"};
    for (std::size_t i = 1; i < order_.size(); ++i)
      if (texts_[order_[i - 1]] == texts_[order_[i]])
        return error{errc::corrupt, "text dictionary: '" + texts_[order_[i]] + "' is there twice"};
    return {};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("texts", self.texts_);
    if constexpr (!std::is_const_v<Self>) self.sort();  // the order is not saved
  }

 private:
  void sort() {
    order_.resize(texts_.size());
    std::iota(order_.begin(), order_.end(), std::uint32_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) { return texts_[a] < texts_[b]; });
  }

  std::vector<std::string> texts_;
  std::vector<std::uint32_t> order_;  // codes by text
};

}  // namespace mlsd
