#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/retrieval/item_sums.hpp"
#include "mlsd/retrieval/popularity.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// A query by groups themselves: which, and how much each is wanted.
struct in_groups {
  sparse_row groups{};
};

/// What is popular now in the groups (genres, categories, sellers) of what a user has liked. An item may be in several
/// groups, or in none, and then it is never found.
/// Query: a history of items with weights (`sparse_row`): each item gives its weight in equal parts to its groups; or
/// `in_groups` with weights of groups. Weights that are not finite and positive are passed over, unknown ones too.
/// The score of an item is its decayed count times the mean weight of its groups. No item of the history is found.
/// O(items of the groups asked for); nothing allocates once the scratch has been prepared. Searches are safe from many
/// threads while nobody adds.
class group_popularity {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "group_popularity";
  struct scratch {
    item_sums groups{}, items{};
  };

  group_popularity() = default;
  /// `groups` is [items, groups], its values are not read.
  template <class = void>
  [[nodiscard]] static result<group_popularity> make(duration half_life, const sparse_matrix_view& groups) {
    auto counts = popularity::make(half_life, groups.rows());
    if (!counts) return counts.error();
    if (auto ok = groups.check("group popularity"); !ok) return ok.error();
    group_popularity p;
    p.popularity_ = std::move(*counts);
    p.item_offset_.assign(groups.offset.begin(), groups.offset.end());
    p.group_.assign(groups.index.begin(), groups.index.end());
    p.group_offset_.assign(groups.columns + 1, 0);
    for (const std::uint32_t g : groups.index) ++p.group_offset_[g + 1];
    for (std::size_t g = 0; g < groups.columns; ++g) p.group_offset_[g + 1] += p.group_offset_[g];
    p.item_.resize(groups.size());
    std::vector<std::uint64_t> next(p.group_offset_.begin(), p.group_offset_.end());
    for (std::size_t i = 0; i < groups.rows(); ++i)
      for (const std::uint32_t g : groups[i].index)
        p.item_[static_cast<std::size_t>(next[g]++)] = static_cast<std::uint32_t>(i);
    return p;
  }

  /// As `popularity::add`; an item without groups counts for nothing but the clock.
  template <class = void> bool add(std::uint32_t item, timestamp t, float weight = 1) {
    return popularity_.add(item, t, weight);
  }

  void prepare(scratch& s) const {
    s.groups.prepare(groups());
    s.items.prepare(items());
  }
  template <class Keep = keep_all>
  std::span<hit<>> search(const sparse_row& history, std::span<hit<>> out, scratch& s,
                          const Keep& keep = {}) const noexcept {
    prepare(s);
    for (std::size_t k = 0; k < history.size(); ++k) {
      if (history.index[k] >= items()) continue;
      const std::span<const std::uint32_t> of = groups_of()[history.index[k]].index;
      s.items.bar(history.index[k]);
      for (const std::uint32_t g : of) want(s, g, double{history.value_of(k)} / static_cast<double>(of.size()));
    }
    return rank(out, s, keep);
  }
  template <class Keep = keep_all>
  std::span<hit<>> search(const in_groups& wanted, std::span<hit<>> out, scratch& s,
                          const Keep& keep = {}) const noexcept {
    prepare(s);
    for (std::size_t k = 0; k < wanted.groups.size(); ++k)
      if (wanted.groups.index[k] < groups()) want(s, wanted.groups.index[k], double{wanted.groups.value_of(k)});
    return rank(out, s, keep);
  }

  [[nodiscard]] std::size_t items() const noexcept { return item_offset_.empty() ? 0 : item_offset_.size() - 1; }
  [[nodiscard]] std::size_t groups() const noexcept { return group_offset_.empty() ? 0 : group_offset_.size() - 1; }
  [[nodiscard]] const popularity& counts() const noexcept { return popularity_; }

  friend bool operator==(const group_popularity&, const group_popularity&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("popularity", self.popularity_);
    ar("item_offset", self.item_offset_);
    ar("group", self.group_);
    ar("group_offset", self.group_offset_);
    ar("item", self.item_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = groups_of().check("group popularity"); !ok) return ok;
    return items_of().check("group popularity");
  }

 private:
  [[nodiscard]] sparse_matrix_view groups_of() const noexcept { return {item_offset_, group_, {}, groups()}; }
  [[nodiscard]] sparse_matrix_view items_of() const noexcept { return {group_offset_, item_, {}, items()}; }
  static void want(scratch& s, std::uint32_t group, double weight) noexcept {
    if (std::isfinite(weight) && weight > 0) s.groups.add(group, weight);
  }
  template <class Keep> std::span<hit<>> rank(std::span<hit<>> out, scratch& s, const Keep& keep) const noexcept {
    s.groups.drain([&](std::uint32_t g, double weight) {
      for (const std::uint32_t item : items_of()[g].index) s.items.add(item, weight);
    });
    best_hits<> best(out);
    s.items.drain([&](std::uint32_t item, double weight) {
      const double mean = weight / static_cast<double>(groups_of()[item].size());
      const float score = hit_score(mean * popularity_.count(item));
      if (score > 0 && keep(item)) best.offer({item, score, 1});
    });
    return best.ranked();
  }

  popularity popularity_{};
  std::vector<std::uint64_t> item_offset_{}, group_offset_{};
  std::vector<std::uint32_t> group_{}, item_{};
};

}  // namespace mlsd
