#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/float_rows.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

/// The item-item model of EASE: the score of item j is sum over the history of h_i B_ij, B the matrix [items, items]
/// with zeros on its diagonal that rebuilds training histories best. training/ease.hpp makes it.
/// Where users were fewer than items B is not stored, but (ridge + XX')^-1 [users, users] and the training histories X,
/// which give the same scores: 4 bytes x min(users, items)^2, and 8 an entry.
/// Query: a history (`sparse_row`; weights may be any numbers, as of recency; unknown items and weights that are not
/// finite are passed over). No item of the history is found. An empty history finds nothing.
/// A search costs O(users^2 + entries) by users, O(history x items) by items; it allocates nothing once the scratch has
/// been prepared.
class ease_model {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "ease_model";
  struct scratch {
    std::vector<float> score{}, wanted{}, weight{};
    std::vector<double> taste{};
    std::vector<std::uint8_t> seen{};
  };

  [[nodiscard]] std::size_t items() const noexcept { return static_cast<std::size_t>(items_); }
  /// True if the model is stored by users.
  [[nodiscard]] bool by_users() const noexcept { return !offset_.empty(); }

  void prepare(scratch& s) const {
    if (s.score.size() < padded_width(items())) s.score.resize(padded_width(items()));
    if (s.wanted.size() < items()) s.wanted.resize(items());
    if (s.seen.size() < items()) s.seen.resize(items());
    if (by_users() && s.weight.size() < 2 * width()) s.weight.resize(2 * width());
    if (by_users() && s.taste.size() < width()) s.taste.resize(width());
  }

  /// The scores of all items [items], those of the history too: what its other items say about them. They lie in the
  /// scratch.
  std::span<const float> scores(const sparse_row& history, scratch& s) const noexcept {
    prepare(s);
    std::fill_n(s.wanted.begin(), items(), 0.0f);
    for (std::size_t k = 0; k < history.size(); ++k)
      if (history.index[k] < items() && std::isfinite(history.value_of(k)))
        s.wanted[history.index[k]] += history.value_of(k);
    if (by_users())
      score_by_users(history, s);
    else
      score_by_items(history, s);
    return std::span<const float>(s.score).first(items());
  }

  template <class Keep = keep_all>
  std::span<hit<>> search(const sparse_row& history, std::span<hit<>> out, scratch& s,
                          const Keep& keep = {}) const noexcept {
    bool is_known = false;
    for (std::size_t k = 0; k < history.size(); ++k)
      is_known = is_known || (history.index[k] < items() && std::isfinite(history.value_of(k)));
    if (!is_known) return out.first(0);
    const std::span<const float> score = scores(history, s);
    for (const std::uint32_t i : history.index)
      if (i < items()) s.seen[i] = 1;
    best_hits<> best(out);
    for (std::uint32_t i = 0; i < score.size(); ++i)
      if (s.seen[i] == 0 && keep(i)) best.offer({i, hit_score(double{score[i]}), 1});
    for (const std::uint32_t i : history.index)
      if (i < items()) s.seen[i] = 0;
    return best.ranked();
  }

  friend bool operator==(const ease_model&, const ease_model&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("items", self.items_);
    ar("rows", self.rows_);
    ar("matrix", self.matrix_);
    ar("scale", self.scale_);
    ar("offset", self.offset_);
    ar("user", self.user_);
    ar("value", self.value_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    const std::uint64_t rows = by_users() ? rows_ : items_;
    if (rows > 1'000'000 || matrix_.size() != rows * padded_width(static_cast<std::size_t>(rows)))
      return error{errc::corrupt, "ease: the matrix does not fit its items"};
    for (const float x : matrix_)
      if (!std::isfinite(x)) return error{errc::corrupt, "ease: the matrix is not finite"};
    if (!by_users()) return {};
    if (scale_.size() != items_ || offset_.size() != items_ + 1)
      return error{errc::corrupt, "ease: the histories do not fit the items"};
    for (const float x : scale_)
      if (!std::isfinite(x)) return error{errc::corrupt, "ease: a scale is not finite"};
    return histories().check("ease");
  }

 private:
  friend struct ease;
  [[nodiscard]] std::size_t width() const noexcept { return padded_width(static_cast<std::size_t>(rows_)); }
  [[nodiscard]] sparse_matrix_view histories() const noexcept {
    return {offset_, user_, value_, static_cast<std::size_t>(rows_)};
  }

  /// h B = h - (h P) / diag P, and ridge P = 1 - X' M X with M = (ridge + XX')^-1 (Woodbury).
  template <class = void> MLSD_UNCONTRACTED void score_by_users(const sparse_row& history, scratch& s) const noexcept {
    MLSD_CONTRACT_OFF
    const sparse_matrix_view x = histories();
    std::fill(s.taste.begin(), s.taste.end(), 0.0);
    for (std::size_t k = 0; k < history.size(); ++k) {  // X h
      if (history.index[k] >= items() || !std::isfinite(history.value_of(k))) continue;
      const sparse_row users = x[history.index[k]];
      for (std::size_t e = 0; e < users.size(); ++e)
        s.taste[users.index[e]] += double{history.value_of(k)} * double{users.value_of(e)};
    }
    const std::span<float> taste(s.weight.data(), width()), weight(s.weight.data() + width(), width());
    for (std::size_t u = 0; u < width(); ++u) taste[u] = u < rows_ ? hit_score(s.taste[u]) : 0.0f;
    row_products({matrix_.data(), static_cast<std::size_t>(rows_), static_cast<std::size_t>(rows_), width()}, taste,
                 weight);
    for (std::size_t j = 0; j < items(); ++j) {
      const auto first = static_cast<std::size_t>(offset_[j]), last = static_cast<std::size_t>(offset_[j + 1]);
      double sum = 0;
      if (value_.empty())
        for (std::size_t e = first; e < last; ++e) sum += double{weight[user_[e]]};
      else
        for (std::size_t e = first; e < last; ++e) sum += double{value_[e]} * double{weight[user_[e]]};
      const double wanted = double{s.wanted[j]};
      s.score[j] = hit_score(wanted - (wanted - sum) * double{scale_[j]});
    }
  }
  template <class = void> MLSD_UNCONTRACTED void score_by_items(const sparse_row& history, scratch& s) const noexcept {
    MLSD_CONTRACT_OFF
    const std::size_t n = padded_width(items());
    std::fill_n(s.score.begin(), n, 0.0f);
    for (const std::uint32_t i : history.index) {
      if (i >= items() || s.wanted[i] == 0) continue;
      detail::float_rows::add_scaled(s.wanted[i], matrix_.data() + i * n, s.score.data(), n);
      s.wanted[i] = 0;  // an item that comes twice has been added up
    }
  }

  std::uint64_t items_ = 0, rows_ = 0;   // rows: users, if by users
  std::vector<float> matrix_{};          // M by users, B by items; rows padded
  std::vector<float> scale_{};           // [items], 1 / diag(ridge P); by users only, as all that follows
  std::vector<std::uint64_t> offset_{};  // X by item
  std::vector<std::uint32_t> user_{};
  std::vector<float> value_{};
};

}  // namespace mlsd
