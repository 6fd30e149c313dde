#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/core/time.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// A user did something with an item: a click, a purchase, a rating. Users and items are numbered from 0.
struct interaction {
  std::uint32_t user = 0, item = 0;
  float weight = 1;
  timestamp time{};
  friend constexpr bool operator==(const interaction&, const interaction&) = default;
};

/// Who had to do with what: a sparse matrix [users, items], by user and by item, each pair once. Repeats of a pair add
/// their weights up and keep the latest time. A user's items are in order of time, then item; an item's users in order
/// of user. The order of the events given does not matter, but for the last bit of summed weights.
/// Immutable; safe from many threads. 24 bytes an entry, 8 a user and 8 an item.
class interactions {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "interactions";

  interactions() = default;
  /// O(n log n). At least as many users and items as said, more if the events name them. Errors: a weight that is not
  /// finite, a user or item of 2^32 - 1.
  template <class = void>
  [[nodiscard]] static result<interactions> make(std::span<const interaction> events, std::size_t users = 0,
                                                 std::size_t items = 0) {
    std::vector<interaction> entry(events.begin(), events.end());
    constexpr std::uint32_t last = (std::numeric_limits<std::uint32_t>::max)();
    for (std::size_t i = 0; i < entry.size(); ++i) {
      if (!std::isfinite(entry[i].weight))
        return error{errc::not_finite, "interactions: the weight of event " + std::to_string(i) + " is not finite"};
      if (entry[i].user == last || entry[i].item == last)
        return error{errc::capacity, "interactions: event " + std::to_string(i) + " has a number beyond 2^32 - 2"};
      users = (std::max)(users, std::size_t{entry[i].user} + 1);
      items = (std::max)(items, std::size_t{entry[i].item} + 1);
    }
    if (!merge_repeats(entry)) return error{errc::not_finite, "interactions: summed weights overflow"};
    interactions m;
    m.fill(entry, users, items);
    return m;
  }

  [[nodiscard]] std::size_t users() const noexcept { return user_offset_.empty() ? 0 : user_offset_.size() - 1; }
  [[nodiscard]] std::size_t items() const noexcept { return item_offset_.empty() ? 0 : item_offset_.size() - 1; }
  /// Pairs of a user and an item.
  [[nodiscard]] std::size_t size() const noexcept { return item_.size(); }

  /// [users, items]: row u is the history of user u, oldest first.
  [[nodiscard]] sparse_matrix_view by_user() const noexcept { return {user_offset_, item_, weight_, items()}; }
  /// [items, users].
  [[nodiscard]] sparse_matrix_view by_item() const noexcept { return {item_offset_, user_, item_weight_, users()}; }
  /// The times of user u's entries, beside `by_user()[u]`.
  [[nodiscard]] std::span<const timestamp> times_of(std::size_t u) const noexcept {
    const auto first = static_cast<std::size_t>(user_offset_[u]);
    return std::span(time_).subspan(first, static_cast<std::size_t>(user_offset_[u + 1]) - first);
  }

  friend bool operator==(const interactions&, const interactions&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("user_offset", self.user_offset_);
    ar("item", self.item_);
    ar("weight", self.weight_);
    ar("time", self.time_);
    ar("item_offset", self.item_offset_);
    ar("user", self.user_);
    ar("item_weight", self.item_weight_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (weight_.size() != item_.size() || time_.size() != item_.size() || user_.size() != item_.size() ||
        item_weight_.size() != item_.size() || (user_offset_.empty() && item_offset_.size() > 1))
      return error{errc::corrupt, "interactions: the columns differ in length"};
    if (auto ok = by_user().check("interactions by user"); !ok) return ok;
    if (auto ok = by_item().check("interactions by item"); !ok) return ok;
    std::vector<std::size_t> last_user(items(), users());
    for (std::size_t u = 0; u < users(); ++u)
      for (const std::uint32_t i : by_user()[u].index)
        if (std::exchange(last_user[i], u) == u)
          return error{errc::corrupt, "interactions: user " + std::to_string(u) + " has an item twice"};
    return {};
  }

 private:
  static bool merge_repeats(std::vector<interaction>& entry) {
    std::stable_sort(entry.begin(), entry.end(), [](const interaction& a, const interaction& b) {
      return a.user != b.user ? a.user < b.user : a.item != b.item ? a.item < b.item : a.time < b.time;
    });
    std::size_t kept = 0;
    bool finite = true;
    for (std::size_t i = 0; i < entry.size();) {
      interaction sum = entry[i];
      for (++i; i < entry.size() && entry[i].user == sum.user && entry[i].item == sum.item; ++i) {
        sum.weight += entry[i].weight;
        sum.time = entry[i].time;
      }
      finite = finite && std::isfinite(sum.weight);
      entry[kept++] = sum;
    }
    entry.resize(kept);
    std::sort(entry.begin(), entry.end(), [](const interaction& a, const interaction& b) {
      return a.user != b.user ? a.user < b.user : a.time != b.time ? a.time < b.time : a.item < b.item;
    });
    return finite;
  }
  void fill(const std::vector<interaction>& entry, std::size_t users, std::size_t items) {
    const std::size_t n = entry.size();
    user_offset_.assign(users + 1, 0);
    item_offset_.assign(items + 1, 0);
    item_.resize(n), weight_.resize(n), time_.resize(n), user_.resize(n), item_weight_.resize(n);
    for (const interaction& e : entry) ++user_offset_[e.user + 1], ++item_offset_[e.item + 1];
    for (std::size_t u = 0; u < users; ++u) user_offset_[u + 1] += user_offset_[u];
    for (std::size_t i = 0; i < items; ++i) item_offset_[i + 1] += item_offset_[i];
    std::vector<std::uint64_t> next(item_offset_.begin(), item_offset_.end());
    for (std::size_t k = 0; k < n; ++k) {
      const interaction& e = entry[k];
      item_[k] = e.item, weight_[k] = e.weight, time_[k] = e.time;
      const auto at = static_cast<std::size_t>(next[e.item]++);
      user_[at] = e.user, item_weight_[at] = e.weight;
    }
  }

  std::vector<std::uint64_t> user_offset_{}, item_offset_{};
  std::vector<std::uint32_t> item_{}, user_{};
  std::vector<float> weight_{}, item_weight_{};
  std::vector<timestamp> time_{};
};

/// Histories without their ends, and the ends.
struct held_out_interactions {
  interactions train{};
  std::vector<interaction> test{};  ///< one a user who keeps something, in order of user
};

/// Takes the last entry of each user out, ties in time by item, as tests of recommenders do; a user with only one keeps
/// it. Applied to `train` again it holds out the last but one: choose settings there.
template <class = void> [[nodiscard]] held_out_interactions leave_last_out(const interactions& all) {
  std::vector<interaction> kept;
  held_out_interactions parts;
  const sparse_matrix_view by_user = all.by_user();
  for (std::size_t u = 0; u < all.users(); ++u) {
    const sparse_row row = by_user[u];
    for (std::size_t k = 0; k < row.size(); ++k) {
      const interaction e{static_cast<std::uint32_t>(u), row.index[k], row.value_of(k), all.times_of(u)[k]};
      (k + 1 == row.size() && k != 0 ? parts.test : kept).push_back(e);
    }
  }
  parts.train = interactions::make(kept, all.users(), all.items()).value();
  return parts;
}

}  // namespace mlsd
