#pragma once

#include <cstddef>
#include <string_view>

namespace mlsd {

/// Text as a template argument: `feature<"age">`. N counts the terminating zero.
template <std::size_t N>
struct fixed_string {
  char text[N]{};

  consteval fixed_string(const char (&s)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = s[i];
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
  friend constexpr bool operator==(const fixed_string&, const fixed_string&) = default;
};

}  // namespace mlsd
