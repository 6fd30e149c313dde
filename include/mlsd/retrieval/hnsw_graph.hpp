#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/retrieval/row_memory.hpp"
#include "mlsd/retrieval/slot_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd::detail {

inline constexpr std::size_t least_links = 2, most_links = 64, most_levels = 32;

/// The links of a hierarchy of graphs over slots: 2 * links of each slot on level 0, `links` on each level above, where
/// one slot of `links` goes one level higher. A list ends with `empty_slot`, or is full.
/// Level 0 has one line of memory a list at 8 links, two at 16.
class hnsw_graph {
 public:
  hnsw_graph() = default;
  explicit hnsw_graph(std::size_t links) noexcept : links_(static_cast<std::uint32_t>(links)) {}

  [[nodiscard]] std::size_t size() const noexcept { return level_.size(); }
  [[nodiscard]] std::size_t links() const noexcept { return links_; }
  /// Where searches start, on its own level, the highest; `empty_slot` in an empty graph.
  [[nodiscard]] std::uint32_t entry() const noexcept { return entry_; }
  [[nodiscard]] std::size_t level(std::uint32_t slot) const noexcept { return level_[slot]; }
  [[nodiscard]] std::size_t capacity(std::size_t level) const noexcept { return level == 0 ? 2 * links_ : links_; }

  /// All places of a list, used or not. Requires level <= this->level(slot).
  [[nodiscard]] std::span<const std::uint32_t> list(std::uint32_t slot, std::size_t level) const noexcept {
    return {level == 0 ? base_.data() + std::size_t{slot} * 2 * links_ : upper_.data() + upper_place(slot, level),
            capacity(level)};
  }
  [[nodiscard]] std::span<std::uint32_t> list(std::uint32_t slot, std::size_t level) noexcept {
    return {level == 0 ? base_.data() + std::size_t{slot} * 2 * links_ : upper_.data() + upper_place(slot, level),
            capacity(level)};
  }
  void prefetch(std::uint32_t slot) const noexcept {
    const std::uint32_t* const first = base_.data() + std::size_t{slot} * 2 * links_;
    for (std::size_t i = 0; i < 2 * std::size_t{links_}; i += 16) __builtin_prefetch(first + i);
  }
  /// How many of the first links of level 0 are known to be diverse: nearest first, none nearer to one before it than
  /// to the slot.
  [[nodiscard]] std::uint8_t& diverse(std::uint32_t slot) noexcept { return diverse_[slot]; }

  /// A new slot without links that stays so.
  template <class = void> void append_unlinked() { append_at(0); }
  /// A new slot without links. Its level depends on the seed and the slot alone.
  template <class = void> void append(std::uint64_t seed) {
    const double u = random_stream::to_open_uniform(random_stream(seed).at(size()));
    const double drawn = -math::log(u) / math::log(static_cast<double>(links_));
    append_at(drawn < most_levels ? static_cast<std::size_t>(drawn) : most_levels - 1);
  }
  /// Makes room for n slots.
  template <class = void> void reserve(std::size_t n) {
    level_.reserve(n);
    diverse_.reserve(n);
    first_upper_.reserve(n);
    base_.reserve(n * 2 * links_);
  }
  void set_entry(std::uint32_t slot) noexcept { entry_ = slot; }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("links", self.links_);
    ar("entry", self.entry_);
    ar("level", self.level_);
    ar("diverse", self.diverse_);
    ar("base", self.base_);
    ar("upper", self.upper_);
  }
  /// Checks every link that a search could follow.
  template <class = void> [[nodiscard]] result<void> validate() {
    if (links_ < least_links || links_ > most_links) return broken("the number of links is not 2 to 64");
    if (diverse_.size() != size() || base_.size() / (2 * std::size_t{links_}) != size() ||
        base_.size() % (2 * std::size_t{links_}) != 0)
      return broken("arrays differ in length");
    first_upper_.clear();
    std::uint64_t lists = 0;
    for (const std::uint8_t level : level_) {
      if (level >= most_levels) return broken("a level is above 31");
      first_upper_.push_back(lists);
      lists += level;
    }
    if (upper_.size() / links_ != lists || upper_.size() % links_ != 0) return broken("upper lists are missing");
    if (size() == 0 ? entry_ != empty_slot : entry_ >= size()) return broken("the entry is not a slot");
    if (size() != 0 && level_[entry_] != *std::max_element(level_.begin(), level_.end()))
      return broken("the entry is not on the highest level");
    for (std::uint32_t slot = 0; slot < size(); ++slot)
      for (std::size_t level = 0; level <= level_[slot]; ++level)
        if (!is_sound(slot, level)) return broken("a link of slot " + std::to_string(slot) + " leads nowhere");
    return {};
  }

 private:
  template <class = void> void append_at(std::size_t level) {
    level_.push_back(static_cast<std::uint8_t>(level));
    diverse_.push_back(0);
    first_upper_.push_back(upper_.size() / links_);
    base_.resize(base_.size() + 2 * std::size_t{links_}, empty_slot);
    upper_.resize(upper_.size() + level * links_, empty_slot);
  }
  [[nodiscard]] std::size_t upper_place(std::uint32_t slot, std::size_t level) const noexcept {
    return (static_cast<std::size_t>(first_upper_[slot]) + level - 1) * links_;
  }
  template <class = void> [[nodiscard]] static error broken(const std::string& why) {
    return {errc::corrupt, "hnsw graph: " + why};
  }
  template <class = void> [[nodiscard]] bool is_sound(std::uint32_t slot, std::size_t level) const noexcept {
    const auto all = std::as_const(*this).list(slot, level);
    const auto used = static_cast<std::size_t>(std::find(all.begin(), all.end(), empty_slot) - all.begin());
    for (std::size_t i = 0; i < all.size(); ++i)
      if (i < used ? all[i] >= size() || level_[all[i]] < level : all[i] != empty_slot) return false;
    return level != 0 || diverse_[slot] <= used;
  }

  std::uint32_t links_ = 16, entry_ = empty_slot;
  std::vector<std::uint8_t> level_, diverse_;  // [n]
  row_vector<std::uint32_t> base_;             // [n, 2 * links]
  std::vector<std::uint32_t> upper_;           // [sum of levels, links]: by slot, then level
  std::vector<std::uint64_t> first_upper_;     // [n], from the levels
};

}  // namespace mlsd::detail
