#pragma once

#include "mlsd/core/feature.hpp"
#include "mlsd/rerank/key_counts.hpp"
#include "mlsd/rerank/rule.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mlsd {

/// What happens to a candidate that breaks a rule.
enum class when_over : std::uint8_t {
  remove,  ///< it leaves the list
  demote   ///< it goes behind all that keep the rule, so that a short list still fills its page
};

namespace detail {
/// Keeps the order of those for which `keep` holds, in front; the others leave or follow in their order.
template <class C, class Keep>
[[nodiscard]] std::span<C> keep_or(when_over over, std::span<C> candidates, arena& scratch, Keep keep) noexcept {
  const arena::scope scope(scratch);
  const std::span<C> late = scratch.take<C>(over == when_over::demote ? candidates.size() : 0);
  std::size_t kept = 0, demoted = 0;
  for (const C& c : candidates) {
    const C copy = c;
    if (keep(copy))
      candidates[kept++] = copy;
    else if (over == when_over::demote)
      late[demoted++] = copy;
  }
  std::copy_n(late.begin(), demoted, candidates.begin() + static_cast<std::ptrdiff_t>(kept));
  return candidates.first(kept + demoted);
}

template <fixed_string Name> struct at_most {
  template <class C> [[nodiscard]] static constexpr std::size_t scratch_bytes(std::size_t n) noexcept {
    return key_counts::scratch_bytes(n * most_keys_of<C, Name>) + arena::bytes_for<C>(n);
  }
  template <class C>
  [[nodiscard]] static std::span<C> apply(std::uint32_t most, when_over over, std::span<C> candidates,
                                          arena& scratch) noexcept {
    const arena::scope scope(scratch);
    key_counts seen(candidates.size() * most_keys_of<C, Name>, scratch);
    std::uint32_t number = 0;
    return keep_or(over, candidates, scratch, [&](const C& c) {
      bool room = true;
      for_each_key(c[feature<Name>{}], [&](std::uint64_t key) { room = room && seen.of(key) < most; });
      ++number;
      if (room) for_each_key(c[feature<Name>{}], [&](std::uint64_t key) { seen.add(key, number); });
      return room;
    });
  }
};
}  // namespace detail

/// At most `most` candidates of each value of a field: `quota{"genre"_f, 3}`; the first ones stay. A missing value (an
/// empty text or optional) has no quota. A field that is an array is a set of values, each with its quota: a candidate
/// with a full one goes.
/// O(n) expected, no allocation. Texts with one 64-bit hash count as one.
template <fixed_string Name> class quota {
 public:
  static constexpr std::string_view rule_name = "quota";
  constexpr quota(feature<Name>, std::uint32_t most, when_over over = when_over::remove) noexcept
      : most_(most), over_(over) {}

  template <class C> [[nodiscard]] constexpr std::size_t scratch_bytes(std::size_t n) const noexcept {
    return detail::at_most<Name>::template scratch_bytes<C>(n);
  }
  template <class C> [[nodiscard]] std::span<C> operator()(std::span<C> candidates, arena& scratch) const noexcept {
    return detail::at_most<Name>::apply(most_, over_, candidates, scratch);
  }

 private:
  std::uint32_t most_;
  when_over over_;
};

/// No value of a field twice: `dedupe{"series"_f}`; the first one stays. A quota of one, and so for missing values and
/// arrays.
template <fixed_string Name> class dedupe {
 public:
  static constexpr std::string_view rule_name = "dedupe";
  constexpr explicit dedupe(feature<Name>, when_over over = when_over::remove) noexcept : over_(over) {}

  template <class C> [[nodiscard]] constexpr std::size_t scratch_bytes(std::size_t n) const noexcept {
    return detail::at_most<Name>::template scratch_bytes<C>(n);
  }
  template <class C> [[nodiscard]] std::span<C> operator()(std::span<C> candidates, arena& scratch) const noexcept {
    return detail::at_most<Name>::apply(1, over_, candidates, scratch);
  }

 private:
  when_over over_;
};

}  // namespace mlsd
