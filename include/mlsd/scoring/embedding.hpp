#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/float_rows.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_row.hpp"
#include "mlsd/scoring/confidence_least_squares.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd {

/// How a history becomes a vector: see `confidence_least_squares`.
struct fold_in_options {
  float regularization = 0.1f, confidence = 40;
};

/// Vectors of users and items whose inner product says how much a user wants an item; training/als.hpp makes them.
/// A user who was not there in training, or has done something since, is folded in from a history.
/// Queries: a history (`sparse_row`, folded in; its items are not found), or a vector [factors] (a user's). Searches
/// look at every item: O(items x factors), and allocate nothing once the scratch has been prepared. `item_vectors()`
/// goes into an index for inner products where that is too slow.
class embedding_model {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "embedding_model";
  struct scratch {
    std::vector<float> vector{}, work{};
    std::vector<std::uint8_t> seen{};
  };

  embedding_model() = default;
  /// Vectors made elsewhere, [users, d] and [items, d]; `fold` says how histories are folded in. Errors: widths differ,
  /// a number is not finite, settings out of range.
  template <class = void>
  [[nodiscard]] static result<embedding_model> make(const matrix_view<const float>& users,
                                                    const matrix_view<const float>& items, fold_in_options fold = {}) {
    if (users.columns != items.columns)
      return error{errc::mismatch, "embedding: users have " + std::to_string(users.columns) + " factors, items " +
                                       std::to_string(items.columns)};
    if (!(std::isfinite(fold.regularization) && fold.regularization > 0))
      return error{errc::invalid_argument, "embedding: regularization must be positive"};
    embedding_model m;
    m.factors_ = items.columns;
    m.confidence_ = fold.confidence;
    m.copy(users, m.user_);
    m.copy(items, m.item_);
    m.gram_ = ridged_gram(m.item_vectors(), fold.regularization);
    if (auto ok = m.validate(); !ok) return ok.error();
    return m;
  }

  [[nodiscard]] std::size_t factors() const noexcept { return factors_; }
  [[nodiscard]] std::size_t users() const noexcept { return factors_ == 0 ? 0 : user_.size() / width(); }
  [[nodiscard]] std::size_t items() const noexcept { return factors_ == 0 ? 0 : item_.size() / width(); }
  /// [users, factors] and [items, factors]; rows are padded with zeros to a multiple of eight.
  [[nodiscard]] matrix_view<const float> user_vectors() const noexcept { return view(user_); }
  [[nodiscard]] matrix_view<const float> item_vectors() const noexcept { return view(item_); }
  [[nodiscard]] float score(std::size_t user, std::size_t item) const noexcept {
    float s = 0;
    row_products({item_vectors()[item].data(), 1, factors_, width()}, padded(user_, user), {&s, 1});
    return s;
  }

  void prepare(scratch& s) const {
    s.vector.resize(width());
    s.work.resize(3 * width());
    if (s.seen.size() < items()) s.seen.resize(items());
  }
  /// The vector [factors] that training would have given this history against the items as they are: the least-squares
  /// solution to about five digits. It lies in the scratch. An empty history gives 0. O(factors^2 + history x factors)
  /// a step, at most 2 x factors + 8 steps.
  std::span<const float> fold_in(const sparse_row& history, scratch& s) const noexcept {
    prepare(s);
    std::fill(s.vector.begin(), s.vector.end(), 0.0f);
    auto least = solver();
    least.seen = s.seen;
    least.improve(history, s.vector, s.work, 2 * factors() + 8, 1e-11f);
    bool finite = true;
    for (const float v : s.vector) finite = finite && std::isfinite(v);
    if (!finite) std::fill(s.vector.begin(), s.vector.end(), 0.0f);
    return std::span<const float>(s.vector).first(factors());
  }

  template <class Keep = keep_all>
  std::span<hit<>> search(const sparse_row& history, std::span<hit<>> out, scratch& s,
                          const Keep& keep = {}) const noexcept {
    const std::span<const float> taste = fold_in(history, s);
    if (std::all_of(taste.begin(), taste.end(), [](float x) { return x == 0; })) return out.first(0);
    for (const std::uint32_t i : history.index)
      if (i < items()) s.seen[i] = 1;
    const auto hits = rank(out, s, [&](std::uint32_t i) { return s.seen[i] == 0 && keep(i); });
    for (const std::uint32_t i : history.index)
      if (i < items()) s.seen[i] = 0;
    return hits;
  }
  template <class Keep = keep_all>
  std::span<hit<>> search(std::span<const float> vector, std::span<hit<>> out, scratch& s,
                          const Keep& keep = {}) const noexcept {
    const auto is_finite = [](float x) { return std::isfinite(x); };
    if (vector.size() != factors() || !std::all_of(vector.begin(), vector.end(), is_finite)) return out.first(0);
    prepare(s);
    std::fill(std::copy(vector.begin(), vector.end(), s.vector.begin()), s.vector.end(), 0.0f);
    return rank(out, s, keep);
  }

  friend bool operator==(const embedding_model&, const embedding_model&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("factors", self.factors_);
    ar("confidence", self.confidence_);
    ar("user", self.user_);
    ar("item", self.item_);
    ar("gram", self.gram_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (factors_ > 65'536 || (factors_ == 0 && !(user_.empty() && item_.empty())))
      return error{errc::corrupt, "embedding: the number of factors is out of range"};
    if (gram_.size() != factors_ * width() ||
        (factors_ != 0 && (user_.size() % width() != 0 || item_.size() % width() != 0)))
      return error{errc::corrupt, "embedding: the vectors are not of " + std::to_string(factors_) + " factors"};
    if (!(std::isfinite(confidence_) && confidence_ >= 0))
      return error{errc::corrupt, "embedding: the confidence is not a number"};
    for (const std::vector<float>* m : {&user_, &item_, &gram_})
      for (std::size_t k = 0; k < m->size(); ++k)
        if (!std::isfinite((*m)[k]) || (k % width() >= factors_ && (*m)[k] != 0))
          return error{errc::corrupt, "embedding: a vector is not finite, or not padded with zeros"};
    return {};
  }

 private:
  friend struct als;
  [[nodiscard]] std::size_t width() const noexcept { return padded_width(static_cast<std::size_t>(factors_)); }
  [[nodiscard]] matrix_view<const float> view(const std::vector<float>& m) const noexcept {
    return {m.data(), factors_ == 0 ? 0 : m.size() / width(), static_cast<std::size_t>(factors_), width()};
  }
  template <class = void> void copy(const matrix_view<const float>& from, std::vector<float>& to) const {
    to.assign(from.rows * width(), 0.0f);
    for (std::size_t i = 0; i < from.rows; ++i)
      std::copy_n(from[i].begin(), from.columns, to.begin() + static_cast<std::ptrdiff_t>(i * width()));
  }
  [[nodiscard]] std::span<const float> padded(const std::vector<float>& m, std::size_t i) const noexcept {
    return std::span(m).subspan(i * width(), width());
  }
  [[nodiscard]] confidence_least_squares solver() const noexcept { return {item_vectors(), view(gram_), confidence_}; }

  template <class Keep> std::span<hit<>> rank(std::span<hit<>> out, const scratch& s, const Keep& keep) const noexcept {
    std::array<float, 256> score;
    best_hits<> best(out);
    for (std::size_t first = 0; first < items(); first += score.size()) {
      const std::size_t n = (std::min)(score.size(), items() - first);
      row_products({item_.data() + first * width(), n, static_cast<std::size_t>(factors_), width()}, s.vector, score);
      for (std::size_t k = 0; k < n; ++k) {
        const auto id = static_cast<std::uint32_t>(first + k);
        if (keep(id)) best.offer({id, hit_score(double{score[k]}), 1});
      }
    }
    return best.ranked();
  }

  std::uint64_t factors_ = 0;
  float confidence_ = 0;
  std::vector<float> user_{}, item_{};
  std::vector<float> gram_{};  // of items, with the ridge
};

}  // namespace mlsd
