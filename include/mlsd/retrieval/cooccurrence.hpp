#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/scored.hpp"
#include "mlsd/core/sparse_matrix_view.hpp"
#include "mlsd/retrieval/item_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// How alike two items are, from c, the users they share (weighted: the sum of products), the same sum a and b of each
/// item with itself, and n users.
enum class item_similarity : std::uint8_t {
  count,    ///< c: favours popular items
  cosine,   ///< c / sqrt(a b)
  jaccard,  ///< c / (a + b - c)
  lift      ///< n c / (a b): favours rare items
};

/// The neighbours of every item. A value of its own, which can be saved; `cooccurrence` makes it.
/// Query: a history, items with weights, in any order (a `sparse_row`; unknown items and weights that are not finite
/// are passed over). The score of an item is the sum of weight times similarity over the history; only items with some
/// neighbour in the history are found, and none of the history itself unless `include_seen`.
/// A search costs O(history x neighbours), and allocates nothing once its scratch has been prepared.
class cooccurrence_model {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "cooccurrence_model";
  using scratch = item_sums;

  [[nodiscard]] std::size_t items() const noexcept { return offset_.empty() ? 0 : offset_.size() - 1; }
  /// The most alike of an item first, ties by id; `value` is the similarity.
  [[nodiscard]] sparse_row neighbours(std::uint32_t item) const noexcept { return view()[item]; }

  void prepare(scratch& s) const { s.prepare(items()); }
  template <class Keep = keep_all>
  std::span<hit<>> search(const sparse_row& history, std::span<hit<>> out, scratch& sums,
                          const Keep& keep = {}) const noexcept {
    prepare(sums);
    for (std::size_t k = 0; k < history.size(); ++k) {
      const std::uint32_t seen = history.index[k];
      const float weight = history.value_of(k);
      if (seen >= items()) continue;
      if (!include_seen_) sums.bar(seen);
      if (!std::isfinite(weight) || weight == 0) continue;
      const sparse_row near = neighbours(seen);
      for (std::size_t j = 0; j < near.size(); ++j) sums.add(near.index[j], double{weight} * double{near.value[j]});
    }
    best_hits<> best(out);
    sums.drain([&](std::uint32_t item, double sum) {
      if (keep(item)) best.offer({item, hit_score(sum), 1});
    });
    return best.ranked();
  }

  friend bool operator==(const cooccurrence_model&, const cooccurrence_model&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("offset", self.offset_);
    ar("neighbour", self.neighbour_);
    ar("similarity", self.similarity_);
    ar("include_seen", self.include_seen_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (similarity_.size() != neighbour_.size())
      return error{errc::corrupt, "cooccurrence: neighbours and similarities differ in number"};
    return view().check("cooccurrence");
  }

 private:
  friend struct cooccurrence;
  [[nodiscard]] sparse_matrix_view view() const noexcept { return {offset_, neighbour_, similarity_, items()}; }

  std::vector<std::uint64_t> offset_{};
  std::vector<std::uint32_t> neighbour_{};
  std::vector<float> similarity_{};
  bool include_seen_ = false;
};

/// Finds the most alike items of each item in histories of users [users, items] (item-item nearest neighbours).
/// O(sum over users of their items squared) divided by the threads; memory 13 bytes an item for each thread, and 16
/// for each neighbour. The same bits on any number of threads. Weights must not be negative.
/// Sources: Linden, Smith and York, Amazon.com recommendations (2003); Koren, Factorization meets the neighborhood
/// (2008), for the shrinkage.
struct cooccurrence {
  item_similarity similarity = item_similarity::cosine;
  float shrinkage = 10;            ///< s: similarities are multiplied by c / (c + s), so few common users count little
  std::uint32_t neighbours = 100;  ///< kept of each item
  std::uint32_t longest_history = 1000;  ///< of longer rows only this many last entries are read; 0: all
  bool include_seen = false;             ///< searches may return items of the history

  template <executor Ex = sequential>
  [[nodiscard]] result<cooccurrence_model> fit(const sparse_matrix_view& by_user, Ex&& ex = {}) const {
    if (auto ok = check(by_user); !ok) return ok.error();
    const columns by_item = transpose(by_user);
    const std::size_t n = by_user.columns;
    std::vector<double> self(n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (const entry& e : by_item.of(i)) self[i] += double{e.weight} * double{e.weight};

    std::vector<std::vector<scored<>>> found(n);
    for_each_chunk(ex, n, n / 64 + 1, [&](std::size_t first, std::size_t last) {
      item_sums common;
      common.prepare(n);
      std::vector<hit<>> buffer((std::min)(std::size_t{neighbours}, n));
      for (std::size_t i = first; i < last; ++i) {
        common.bar(static_cast<std::uint32_t>(i));
        for (const entry& e : by_item.of(i)) {
          const sparse_row row = history(by_user, e.user);
          for (std::size_t k = 0; k < row.size(); ++k)
            common.add(row.index[k], double{e.weight} * double{row.value_of(k)});
        }
        best_hits<> best(buffer);
        common.drain([&](std::uint32_t j, double c) {
          const float s = hit_score(alike(c, self[i], self[j], static_cast<double>(by_user.rows())));
          if (s > 0) best.offer({j, s, 1});
        });
        const auto kept = best.ranked();
        found[i].reserve(kept.size());
        for (const hit<>& h : kept) found[i].push_back({h.id, h.score});
      }
    });
    return gather(found);
  }

 private:
  struct entry {
    std::uint32_t user;
    float weight;
  };
  struct columns {
    std::vector<std::uint64_t> offset;
    std::vector<entry> entries;
    [[nodiscard]] std::span<const entry> of(std::size_t item) const noexcept {
      return std::span(entries).subspan(static_cast<std::size_t>(offset[item]),
                                        static_cast<std::size_t>(offset[item + 1] - offset[item]));
    }
  };

  template <class = void> [[nodiscard]] result<void> check(const sparse_matrix_view& by_user) const {
    if (!(std::isfinite(shrinkage) && shrinkage >= 0))
      return error{errc::invalid_argument, "cooccurrence: shrinkage must be at least 0"};
    if (neighbours == 0) return error{errc::invalid_argument, "cooccurrence: neighbours must be at least 1"};
    if (similarity > item_similarity::lift) return error{errc::invalid_argument, "cooccurrence: no such similarity"};
    if (auto ok = by_user.check("cooccurrence"); !ok) return ok;
    for (std::size_t k = 0; k < by_user.size(); ++k)
      if (by_user.value_of(k) < 0)
        return error{errc::invalid_argument, "cooccurrence: entry " + std::to_string(k) + " is negative"};
    return {};
  }
  [[nodiscard]] sparse_row history(const sparse_matrix_view& by_user, std::size_t u) const noexcept {
    const sparse_row row = by_user[u];
    if (longest_history == 0 || row.size() <= longest_history) return row;
    return {row.index.last(longest_history), row.value.empty() ? row.value : row.value.last(longest_history)};
  }
  template <class = void> [[nodiscard]] columns transpose(const sparse_matrix_view& by_user) const {
    columns c{std::vector<std::uint64_t>(by_user.columns + 1, 0), {}};
    for (std::size_t u = 0; u < by_user.rows(); ++u)
      for (const std::uint32_t i : history(by_user, u).index) ++c.offset[i + 1];
    for (std::size_t i = 0; i < by_user.columns; ++i) c.offset[i + 1] += c.offset[i];
    c.entries.resize(static_cast<std::size_t>(c.offset.back()));
    std::vector<std::uint64_t> next(c.offset.begin(), c.offset.end());
    for (std::size_t u = 0; u < by_user.rows(); ++u) {
      const sparse_row row = history(by_user, u);
      for (std::size_t k = 0; k < row.size(); ++k)
        c.entries[static_cast<std::size_t>(next[row.index[k]]++)] = {static_cast<std::uint32_t>(u), row.value_of(k)};
    }
    return c;
  }
  [[nodiscard]] double alike(double c, double a, double b, double users) const noexcept {
    if (!(c > 0)) return 0;
    const double trust = c / (c + double{shrinkage});
    switch (similarity) {
      case item_similarity::cosine:
        return trust * (c / (std::sqrt(a) * std::sqrt(b)));
      case item_similarity::jaccard:
        return trust * (c / (a + b - c));
      case item_similarity::lift:
        return trust * (c / a * (users / b));
      case item_similarity::count:
        break;
    }
    return trust * c;
  }
  template <class = void>
  [[nodiscard]] cooccurrence_model gather(const std::vector<std::vector<scored<>>>& found) const {
    cooccurrence_model m;
    m.include_seen_ = include_seen;
    m.offset_.push_back(0);
    for (const std::vector<scored<>>& near : found) {
      for (const scored<>& h : near) {
        m.neighbour_.push_back(h.id);
        m.similarity_.push_back(h.score);
      }
      m.offset_.push_back(m.neighbour_.size());
    }
    return m;
  }
};

}  // namespace mlsd
