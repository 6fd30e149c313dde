#pragma once

#include "mlsd/fwd.hpp"
#include "mlsd/rerank/rule.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// Where an item must stand: place 0 is the first.
template <class Id> struct pinned {
  Id id{};
  std::size_t place = 0;
};

/// Puts items at fixed places, the others keep their order around them. Only what is among the candidates can be
/// pinned. A place behind the end is the last one; of two items for one place the first of the list has it and the
/// next takes the place after it. O(n pinned), no allocation after making.
template <class Id> class pin {
 public:
  static constexpr std::string_view rule_name = "pin";
  explicit pin(std::vector<pinned<Id>> items) : items_(std::move(items)) {
    std::stable_sort(items_.begin(), items_.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
  }

  template <class C> [[nodiscard]] std::span<C> operator()(std::span<C> candidates, arena&) const noexcept {
    // From the back of the list to its front each is moved to the end, so that the rest is in order; then from the
    // first place on each is put where it belongs, which moves nobody who stands before it.
    std::size_t waiting = 0;
    for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
      const auto end = candidates.end() - static_cast<std::ptrdiff_t>(waiting);
      const auto at = std::find_if(candidates.begin(), end, [&](const C& c) { return c.id == item->id; });
      if (at == end) continue;
      std::rotate(at, at + 1, end);
      ++waiting;
    }
    std::size_t next = 0;
    for (const auto& item : items_) {
      const auto begin = candidates.end() - static_cast<std::ptrdiff_t>(waiting);
      if (waiting == 0 || !(begin->id == item.id)) continue;
      const std::size_t last = candidates.size() - waiting;
      const std::size_t place = (std::min)((std::max)(item.place, next), last);
      std::rotate(candidates.begin() + static_cast<std::ptrdiff_t>(place), begin, begin + 1);
      next = place + 1;
      --waiting;
    }
    return candidates;
  }

 private:
  std::vector<pinned<Id>> items_;  // by place
};

}  // namespace mlsd
