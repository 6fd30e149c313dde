#pragma once

#include "mlsd/rerank/rule.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// Removes candidates for which a predicate holds: `ban_if([](const auto& c) noexcept { return c["adult"_f]; })`.
/// O(n), no allocation.
template <class Predicate> class ban_if {
 public:
  static constexpr std::string_view rule_name = "ban";
  constexpr explicit ban_if(Predicate predicate) : predicate_(std::move(predicate)) {}

  template <class C> [[nodiscard]] constexpr std::span<C> operator()(std::span<C> candidates, arena&) const noexcept {
    static_assert(noexcept(std::declval<const Predicate&>()(std::declval<const C&>())),
                  "mlsd: the predicate of a ban must be noexcept");
    const auto end = std::remove_if(candidates.begin(), candidates.end(), [this](const C& c) { return predicate_(c); });
    return candidates.first(static_cast<std::size_t>(end - candidates.begin()));
  }

 private:
  Predicate predicate_;
};

namespace detail {
template <class Id> struct is_listed {
  std::vector<Id> ids;  // ascending
  template <class C> [[nodiscard]] bool operator()(const C& c) const noexcept {
    return std::binary_search(ids.begin(), ids.end(), c.id);
  }
};
}  // namespace detail

/// Removes candidates with these ids: `ban(std::vector<film_id>{7, 9})`. O(n log banned); sorts the list once.
template <class Id> [[nodiscard]] ban_if<detail::is_listed<Id>> ban(std::vector<Id> ids) {
  std::sort(ids.begin(), ids.end());
  return ban_if(detail::is_listed<Id>{std::move(ids)});
}

}  // namespace mlsd
