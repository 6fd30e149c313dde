#pragma once

#include "mlsd/rerank/rule.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace mlsd {

/// The first `n` candidates. O(1).
struct take {
  static constexpr std::string_view rule_name = "take";
  std::size_t n = 0;

  template <class C> [[nodiscard]] constexpr std::span<C> operator()(std::span<C> candidates, arena&) const noexcept {
    return candidates.first((std::min)(n, candidates.size()));
  }
};

}  // namespace mlsd
