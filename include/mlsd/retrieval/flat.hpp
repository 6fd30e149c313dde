#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/retrieval/exact_scan.hpp"
#include "mlsd/retrieval/vector_store.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd {

struct flat_config {
  std::size_t dimension = 0;
  vector_metric metric = vector_metric::l2;
  std::uint64_t origins = 1;  ///< what hits say where they come from
};

/// Exact search over vectors [n, d]: a scan of all of them. A hit's score is minus the squared distance, the inner
/// product or the cosine; the same bits on every processor. Ties come by lower id, also at the end of the list.
/// A query of another dimension or with a number that is not finite finds nothing. O(n * d) a query, as fast as memory
/// can be read; `search_each` reads the vectors once for several queries. Const calls are safe from several threads.
template <std::integral Id = std::uint32_t> class flat {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "flat";

  /// Holds the query of one search. Grows where it is too small; one from `make_scratch` never does.
  class scratch {
   public:
    scratch() = default;

   private:
    friend flat;
    detail::row_vector<float> query_;
  };

  flat() = default;
  [[nodiscard]] static result<flat> make(const flat_config& config) {
    auto store = vector_store<Id>::make(config.metric, config.dimension);
    if (!store) return store.error();
    flat f;
    f.store_ = std::move(*store);
    f.origins_ = config.origins;
    if (auto ok = f.validate(); !ok) return ok.error();
    return f;
  }
  /// Rows [n, d] with their ids.
  [[nodiscard]] static result<flat> build(const flat_config& config, std::span<const Id> ids,
                                          matrix_view<const float> rows) {
    auto f = make(config);
    if (!f) return f;
    if (auto ok = f->insert(ids, rows); !ok) return ok.error();
    return f;
  }

  /// On an error, which names the row, nothing has changed: an id that is taken, a number that is not finite, a
  /// squared norm above 2^124, another dimension.
  [[nodiscard]] result<void> insert(std::span<const Id> ids, matrix_view<const float> rows) {
    return store_.append(ids, rows);
  }
  [[nodiscard]] result<void> insert(Id id, std::span<const float> vector) {
    return store_.append(std::span(&id, 1), {vector.data(), 1, vector.size()});
  }
  /// False if the id is not there. O(d).
  bool remove(Id id) { return store_.remove(id); }

  [[nodiscard]] std::size_t size() const noexcept { return store_.size(); }
  [[nodiscard]] const vector_store<Id>& vectors() const noexcept { return store_; }
  /// Makes room for all searches to come.
  void prepare(scratch& s) const { s.query_.resize(store_.width()); }
  [[nodiscard]] scratch make_scratch() const {
    scratch s;
    prepare(s);
    return s;
  }

  /// The min(out.size(), n) nearest. With `keep(id) -> bool`, the nearest of those that pass: one call an id.
  template <class Keep = keep_all>
  std::span<hit<Id>> search(std::span<const float> query, std::span<hit<Id>> out, scratch& s,
                            const Keep& keep = {}) const noexcept {
    if (s.query_.size() < store_.width()) s.query_.resize(store_.width());
    if (out.empty() || !store_.load_query(query, s.query_.data())) return out.first(0);
    detail::ranked_hits<Id> best(out, origins_);
    detail::exact_scan(store_, s.query_.data(), keep, best);
    return best.found();
  }

  /// The k nearest of each row of queries [m, d], k = out.size() / m: query i's go to out[i * k ...], and their number
  /// to found[i]. `out` is [m, k], `found` [m]. Allocates.
  template <executor E = sequential>
  void search_each(matrix_view<const float> queries, std::span<hit<Id>> out, std::span<std::size_t> found,
                   E&& ex = {}) const {
    assert(found.size() == queries.rows && (queries.rows == 0 || out.size() % queries.rows == 0));
    constexpr std::size_t together = 16;
    const std::size_t k = queries.rows == 0 ? 0 : out.size() / queries.rows;
    for_each_chunk(ex, queries.rows, together, [&](std::size_t first, std::size_t last) {
      detail::row_vector<float> loaded((last - first) * store_.width());
      std::vector<detail::ranked_hits<Id>> best;
      std::vector<const float*> query;
      for (std::size_t i = first; i < last; ++i) {
        float* const to = loaded.data() + (i - first) * store_.width();
        const bool usable = store_.load_query(queries[i], to);
        query.push_back(to);
        best.emplace_back(usable ? out.subspan(i * k, k) : out.first(0), origins_);
      }
      scan_for(query, best);
      for (std::size_t i = first; i < last; ++i) found[i] = best[i - first].found().size();
    });
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("origins", self.origins_);
    ar("vectors", self.store_);
  }
  [[nodiscard]] result<void> validate() const {
    if (origins_ == 0) return error{errc::invalid_argument, "flat: hits have no origin"};
    return {};
  }

 private:
  void scan_for(std::span<const float* const> query, std::span<detail::ranked_hits<Id>> best) const noexcept {
    const detail::row_sums sums = store_.sums();
    for (std::size_t at = 0; at < store_.size(); at += detail::scan_rows)
      for (std::size_t q = 0; q < query.size(); ++q)
        detail::scan_block(store_, sums, query[q], at, (std::min)(detail::scan_rows, store_.size() - at), best[q]);
  }

  vector_store<Id> store_;
  std::uint64_t origins_ = 1;
};

}  // namespace mlsd
