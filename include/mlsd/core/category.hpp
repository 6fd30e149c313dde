#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <string_view>

namespace mlsd {

/// A category as models see it: an index below a cardinality. It never passes through a float.
struct code {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(code, code) = default;
};

/// A value of a categorical feature: a text, an integer, or missing. Kernels over categories take it by value.
/// Texts are not owned. An empty text is missing: a file cannot tell the two apart.
class category {
 public:
  constexpr category() noexcept = default;
  constexpr explicit category(std::string_view text) noexcept
      : kind_(text.empty() ? kind::missing : kind::text), text_(text) {}
  template <std::integral I>
  constexpr explicit category(I number) noexcept : kind_(kind::number), number_(static_cast<std::int64_t>(number)) {}

  [[nodiscard]] constexpr bool is_missing() const noexcept { return kind_ == kind::missing; }
  [[nodiscard]] constexpr bool is_text() const noexcept { return kind_ == kind::text; }
  /// Empty unless `is_text()`.
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  /// 0 where the category is a text or missing.
  [[nodiscard]] constexpr std::int64_t number() const noexcept { return number_; }

  friend constexpr bool operator==(const category&, const category&) = default;

 private:
  enum class kind : std::uint8_t { missing, number, text };
  kind kind_ = kind::missing;
  std::int64_t number_ = 0;
  std::string_view text_{};
};

}  // namespace mlsd
