#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/stats/radix_sort.hpp"

namespace mlsd {

/// What items of equal score count for. A ranker that gives half of its items one score has not ranked them:
/// `averaged` is the expected value over every order of the tied items; `stable` trusts the order they came in.
enum class tied : std::uint8_t { averaged, stable };

namespace detail {
template <class = void> result<void> validate_tied(tied how) {
  if (how == tied::averaged || how == tied::stable) return {};
  return error{errc::corrupt, "what ties count for is neither averaged nor stable"};
}
}  // namespace detail

/// The labels of one query's items in the order of their scores, best first: what every ranking metric reads, sorted
/// once for all of them. Keep one and `rank` into it: then a query allocates nothing once the largest has been seen.
/// An item that was not retrieved has the score -infinity: it stands in no place, but a perfect ranking has it.
/// rank: scores, labels [n]; O(n) from 256 items on, O(n log n) below. Memory: 28 bytes an item for float
/// scores, 44 for double.
/// Equal scores (-0.0 == +0.0) keep the order they came in, and are known as ties. A NaN score, or a label that is
/// negative, NaN or infinite, makes the query unusable: metrics count it as skipped, and it looks empty. No item is a
/// query too.
class ranked_query {
 public:
  ranked_query() = default;
  template <class = void>
  [[nodiscard]] static ranked_query of(std::span<const float> scores, std::span<const float> labels) {
    ranked_query q;
    q.rank(scores, labels);
    return q;
  }
  template <class = void>
  [[nodiscard]] static ranked_query of(std::span<const double> scores, std::span<const float> labels) {
    ranked_query q;
    q.rank(scores, labels);
    return q;
  }

  template <class = void> void rank(std::span<const float> scores, std::span<const float> labels) {
    sort(scores, labels, places_, scratch_);
  }
  template <class = void> void rank(std::span<const double> scores, std::span<const float> labels) {
    sort(scores, labels, wide_places_, wide_scratch_);
  }

  [[nodiscard]] bool usable() const noexcept { return usable_; }
  [[nodiscard]] std::size_t size() const noexcept { return labels_.size(); }
  /// Best score first.
  [[nodiscard]] std::span<const float> labels() const noexcept { return labels_; }
  /// Largest first: the labels in the order of a perfect ranking.
  [[nodiscard]] std::span<const float> ideal() const noexcept { return ideal_; }
  /// Labels above 0, retrieved or not.
  [[nodiscard]] std::size_t relevant() const noexcept { return relevant_; }
  /// How many of the first k places hold an item; all retrieved ones for k = 0.
  [[nodiscard]] std::size_t places(std::uint64_t k) const noexcept {
    return k == 0 || k > retrieved_ ? retrieved_ : static_cast<std::size_t>(k);
  }
  /// One past the last item that is ordered with item `first`, which begins its group. Requires first < size().
  [[nodiscard]] std::size_t group_end(std::size_t first, tied how) const noexcept {
    return how == tied::averaged ? group_end_[first] : first + 1;
  }
  /// Labels above 0 among the items first ... last - 1.
  [[nodiscard]] std::size_t relevant_in(std::size_t first, std::size_t last) const noexcept {
    std::size_t n = 0;
    for (; first < last; ++first) n += labels_[first] > 0;
    return n;
  }

 private:
  /// Unique and ascending from the best score on, in the order they came in: for floats a number, which sorts faster.
  struct wide_place {
    std::uint64_t key;
    std::uint32_t index;
    friend bool operator<(const wide_place& a, const wide_place& b) noexcept {
      return a.key < b.key || (a.key == b.key && a.index < b.index);
    }
  };
  static std::uint64_t place_of(float score, std::uint32_t index) noexcept {
    return (std::uint64_t{~ordered_key(score)} << 32) | index;
  }
  static wide_place place_of(double score, std::uint32_t index) noexcept { return {~ordered_key(score), index}; }
  static std::uint32_t key_of(std::uint64_t p) noexcept { return static_cast<std::uint32_t>(p >> 32); }
  static std::uint64_t key_of(const wide_place& p) noexcept { return p.key; }
  static std::size_t index_of(std::uint64_t p) noexcept { return static_cast<std::uint32_t>(p); }
  static std::size_t index_of(const wide_place& p) noexcept { return p.index; }

  template <class Real, class Place>
  void sort(std::span<const Real> scores, std::span<const float> labels, std::vector<Place>& places,
            std::vector<Place>& scratch) {
    assert(labels.size() == scores.size() && scores.size() <= 0xFFFF'FFFFu);
    const std::size_t n = scores.size();
    usable_ = true;
    relevant_ = retrieved_ = 0;
    places.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      const float y = labels[i];
      if (!(scores[i] == scores[i] && y >= 0 && y <= (std::numeric_limits<float>::max)())) usable_ = false;
      relevant_ += y > 0;
      retrieved_ += scores[i] > -(std::numeric_limits<Real>::infinity)();
      places[i] = place_of(scores[i], static_cast<std::uint32_t>(i));
    }
    if (!usable_) return clear();
    if (n < 256) {
      std::sort(places.begin(), places.end());
    } else {
      scratch.resize(n);
      radix_sort(std::span(places), std::span(scratch), [](const Place& p) { return key_of(p); });
    }
    labels_.resize(n);
    ideal_.resize(n);
    group_end_.resize(n);
    for (std::size_t i = n; i-- > 0;) {
      labels_[i] = labels[index_of(places[i])];
      const bool goes_on = i + 1 < n && key_of(places[i]) == key_of(places[i + 1]);
      group_end_[i] = goes_on ? group_end_[i + 1] : static_cast<std::uint32_t>(i + 1);
    }
    if (!sort_grades()) std::sort(ideal_.begin(), ideal_.end(), [](float a, float b) { return a > b; });
  }

  void clear() noexcept {
    labels_.clear();
    ideal_.clear();
    group_end_.clear();
    relevant_ = retrieved_ = 0;
  }

  /// Labels are mostly grades from 0 to 4: counting them is faster than any sort. False where they are not: then
  /// `ideal_` holds them in some order.
  bool sort_grades() {
    constexpr std::uint32_t grades = 32;
    std::size_t count[grades] = {};
    bool all = true;
    for (const float y : labels_) {
      const auto grade = static_cast<std::uint32_t>(y < grades ? y : 0);
      ++count[grade];
      all &= static_cast<float>(grade) == y;
    }
    if (!all) {
      ideal_ = labels_;
      return false;
    }
    auto to = ideal_.begin();
    for (std::uint32_t g = grades; g-- > 0;) to = std::fill_n(to, count[g], static_cast<float>(g));
    return true;
  }

  std::vector<std::uint64_t> places_, scratch_;
  std::vector<wide_place> wide_places_, wide_scratch_;
  std::vector<float> labels_, ideal_;
  std::vector<std::uint32_t> group_end_;
  std::size_t relevant_ = 0, retrieved_ = 0;
  bool usable_ = true;
};

/// A figure of one query, at best 1 and at worst 0; NaN where the query has no relevant item.
template <class F>
concept query_figure = std::regular<F> && requires(const F& figure, const ranked_query& q) {
  { figure(q) } noexcept -> std::same_as<double>;
};

}  // namespace mlsd
