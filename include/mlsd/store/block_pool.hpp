#pragma once

#include "mlsd/store/line_allocator.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// Blocks of whole cache lines in one piece of memory, each of a level; a freed block is used again by the next taker
/// of its level. `take` and `give` are O(1); `take` allocates where nothing free of that level and no room is left.
/// Levels do not share: memory is at most the sum over levels of the most that each ever held.
template <class = void> class block_pool {
 public:
  static constexpr std::size_t levels = 32;
  static constexpr std::size_t line_words = 8;
  static constexpr std::uint64_t most_lines = std::uint64_t{1} << 32;

  /// The first line of a block of `lines` lines, always as many for one level. What is in it is unspecified.
  /// Requires that `has_room`.
  [[nodiscard]] std::uint32_t take(std::size_t level, std::uint64_t lines) {
    if (!free_[level].empty()) {
      const std::uint32_t block = free_[level].back();
      free_[level].pop_back();
      return block;
    }
    assert(used_lines() + lines <= most_lines);
    const auto block = static_cast<std::uint32_t>(used_lines());
    words_.resize(words_.size() + lines * line_words);
    return block;
  }
  void give(std::size_t level, std::uint32_t block) { free_[level].push_back(block); }
  [[nodiscard]] bool has_room(std::size_t level, std::uint64_t lines) const noexcept {
    return !free_[level].empty() || used_lines() + lines <= most_lines;
  }
  [[nodiscard]] std::uint64_t* at(std::uint32_t block) noexcept { return words_.data() + block * line_words; }
  [[nodiscard]] const std::uint64_t* at(std::uint32_t block) const noexcept {
    return words_.data() + block * line_words;
  }
  [[nodiscard]] std::uint64_t used_lines() const noexcept { return words_.size() / line_words; }
  void reserve(std::uint64_t lines) { words_.reserve(lines * line_words); }
  /// Room to give back so many blocks of a level.
  void reserve_free(std::size_t level, std::size_t blocks) { free_[level].reserve(blocks); }

  friend bool operator==(const block_pool&, const block_pool&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("words", self.words_);
    ar("free", self.free_);
  }
  /// The blocks that are in use, with the free ones, make up the memory: none beyond its end, no two over each other,
  /// nothing between them. `lines_of(level)` is the size of a block; `used` are (first line, level).
  template <class LinesOf>
  [[nodiscard]] bool is_made_of(std::vector<std::pair<std::uint32_t, std::uint32_t>> used, LinesOf&& lines_of) const {
    if (words_.size() % line_words != 0) return false;
    for (std::uint32_t level = 0; level < levels; ++level)
      for (const std::uint32_t block : free_[level]) used.emplace_back(block, level);
    std::sort(used.begin(), used.end());
    std::uint64_t next = 0;
    for (const auto& [block, level] : used) {
      if (block != next) return false;
      next += lines_of(level);
    }
    return next == used_lines();
  }

 private:
  std::vector<std::uint64_t, line_allocator<std::uint64_t>> words_{};
  std::array<std::vector<std::uint32_t>, levels> free_{};
};

}  // namespace mlsd::detail
