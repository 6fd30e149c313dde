#pragma once

#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// Rows cut into lists that lie together, such as the documents of one query: list g is rows [first(g), last(g)).
class row_groups {
 public:
  row_groups() = default;

  /// Lists of a group column [n], or the first row whose group was left and comes back. O(n log n) of the lists.
  template <class = void> [[nodiscard]] static result<row_groups> of(std::span<const std::uint32_t> group) {
    row_groups g;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;  // group, where its run starts
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (i != 0 && group[i] == group[i - 1]) continue;
      if (i != 0) g.first_.push_back(static_cast<std::uint32_t>(i));
      runs.push_back({group[i], static_cast<std::uint32_t>(i)});
    }
    if (!group.empty()) g.first_.push_back(static_cast<std::uint32_t>(group.size()));
    std::sort(runs.begin(), runs.end());
    std::uint32_t row = 0, before = 0;
    bool torn = false;
    for (std::size_t i = 1; i < runs.size(); ++i)
      if (runs[i].first == runs[i - 1].first && (!torn || runs[i].second < row))
        row = runs[i].second, before = runs[i - 1].second, torn = true;
    if (torn)
      return error{errc::order, "row " + std::to_string(row) + ": group " + std::to_string(group[row]) + " of row " +
                                    std::to_string(before) + " comes back; the rows of a group must lie together"};
    return g;
  }

  [[nodiscard]] std::size_t size() const noexcept { return first_.size() - 1; }
  [[nodiscard]] std::size_t first(std::size_t g) const noexcept { return first_[g]; }
  [[nodiscard]] std::size_t last(std::size_t g) const noexcept { return first_[g + 1]; }

 private:
  std::vector<std::uint32_t> first_{0};
};

/// The group column [rows] of lists whose sizes are known: 2, 3 gives 0 0 1 1 1. Sizes must add up to `rows`.
template <class = void>
[[nodiscard]] result<std::vector<std::uint32_t>> groups_of_sizes(std::span<const std::uint32_t> sizes,
                                                                 std::size_t rows) {
  const auto total = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
  if (total != rows)
    return error{errc::invalid_argument, "group sizes do not add up: " + std::to_string(sizes.size()) +
                                             " groups hold " + std::to_string(total) + " rows, there are " +
                                             std::to_string(rows)};
  std::vector<std::uint32_t> group;
  group.reserve(rows);
  for (std::size_t g = 0; g < sizes.size(); ++g) group.insert(group.end(), sizes[g], static_cast<std::uint32_t>(g));
  return group;
}

}  // namespace mlsd
