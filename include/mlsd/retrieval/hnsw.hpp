#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/retrieval/exact_scan.hpp"
#include "mlsd/retrieval/hnsw_build.hpp"
#include "mlsd/retrieval/hnsw_search.hpp"
#include "mlsd/retrieval/vector_store.hpp"

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

struct hnsw_config {
  std::uint32_t dimension = 0;
  vector_metric metric = vector_metric::l2;
  std::uint32_t links = 16;         ///< a vector, 2 to 64: twice as many on the lowest level; "M"
  std::uint32_t build_width = 200;  ///< candidates for links of a new vector, 1 to 65,536; "ef_construction"
  std::uint32_t search_width = 64;  ///< candidates of a search, 1 to 65,536, more is slower and finds more; never
                                    ///< fewer than hits are asked for; "ef"
  std::uint64_t seed = 1;           ///< draws the levels
  std::uint64_t origins = 1;        ///< what hits say where they come from

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("dimension", self.dimension);
    ar("metric", self.metric);
    ar("links", self.links);
    ar("build_width", self.build_width);
    ar("search_width", self.search_width);
    ar("seed", self.seed);
    ar("origins", self.origins);
  }
  template <class = void> [[nodiscard]] result<void> check() const {
    constexpr std::uint32_t widest = 65'536;
    if (links < detail::least_links || links > detail::most_links)
      return error{errc::invalid_argument, "hnsw: links is " + std::to_string(links) + ", not 2 to 64"};
    if (build_width == 0 || build_width > widest || search_width == 0 || search_width > widest)
      return error{errc::invalid_argument, "hnsw: a width is not 1 to 65,536"};
    if (origins == 0) return error{errc::invalid_argument, "hnsw: hits have no origin"};
    return {};
  }
};

/// Approximate search over vectors [n, d] in a hierarchy of graphs. A hit's score is minus the squared distance, the
/// inner product or the cosine; hits come best first, ties by lower id.
/// A search looks at about log n + search_width * links vectors. It gives min(out.size(), n) hits, or as many as pass
/// the filter: where the graph gives fewer, all vectors are scanned. A query of another dimension or with a number that
/// is not finite finds nothing. Equal vectors are one place of the graph, so that duplicates cost no recall.
/// The same rows in the same batches give the same bytes, on any number of threads and any processor. Const calls are
/// safe from several threads; searches and insertions must not overlap.
/// Memory: what `vector_store` needs, and 8 * links + 34 to 50 bytes a vector.
/// Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using hierarchical navigable small
/// world graphs" (2018).
template <std::integral Id = std::uint32_t> class hnsw {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "hnsw";

  /// What one search writes, one a thread: about 2 bytes a vector. It grows where it is too small, so one
  /// from `make_scratch` allocates nothing until vectors are inserted, or `out` or the width is longer.
  class scratch {
   public:
    std::size_t search_width = 0;  ///< for searches with this scratch; 0: as configured

   private:
    friend hnsw;
    detail::hnsw_scratch work_;
  };

  hnsw() = default;
  [[nodiscard]] static result<hnsw> make(const hnsw_config& config) {
    if (auto ok = config.check(); !ok) return ok.error();
    auto store = vector_store<Id>::make(config.metric, config.dimension);
    if (!store) return store.error();
    hnsw h;
    h.config_ = config;
    h.store_ = std::move(*store);
    h.graph_ = detail::hnsw_graph(config.links);
    return h;
  }
  /// Rows [n, d] with their ids. O(n * (log n + build_width * links) * d).
  template <executor E = sequential>
  [[nodiscard]] static result<hnsw> build(const hnsw_config& config, std::span<const Id> ids,
                                          matrix_view<const float> rows, E&& ex = {}) {
    auto h = make(config);
    if (!h) return h;
    if (auto ok = h->insert(ids, rows, ex); !ok) return ok.error();
    return h;
  }

  /// Rows [n, d] with their ids. On an error, which names the row, nothing has changed: an id that is taken, a number
  /// that is not finite, a squared norm above 2^124, another dimension.
  template <executor E = sequential>
  [[nodiscard]] result<void> insert(std::span<const Id> ids, matrix_view<const float> rows, E&& ex = {}) {
    std::vector<detail::hnsw_scratch> some((std::max)(std::size_t{1}, ex.concurrency()));
    return insert_with(some, ids, rows, ex);
  }
  /// One vector. The scratch saves O(n) bytes of memory each time.
  [[nodiscard]] result<void> insert(Id id, std::span<const float> vector, scratch& s) {
    sequential alone;
    return insert_with(std::span(&s.work_, 1), std::span(&id, 1), {vector.data(), 1, vector.size()}, alone);
  }

  [[nodiscard]] std::size_t size() const noexcept { return store_.size(); }
  [[nodiscard]] const hnsw_config& config() const noexcept { return config_; }
  [[nodiscard]] const vector_store<Id>& vectors() const noexcept { return store_; }
  /// Makes room for searches of up to `most` hits.
  void prepare(scratch& s, std::size_t most) const {
    s.work_.reserve(size(), store_.width(),
                    (std::max)({most, std::size_t{config_.search_width}, 2 * size() / config_.links}));
  }
  [[nodiscard]] scratch make_scratch(std::size_t most = 0) const {
    scratch s;
    prepare(s, most);
    return s;
  }

  /// With `keep(id) -> bool`, only ids that pass are found; the share of those that do is judged by 256 of them. Where
  /// few do, all that pass are compared; else the search is wider by that share.
  template <class Keep = keep_all>
  std::span<hit<Id>> search(std::span<const float> query, std::span<hit<Id>> out, scratch& s,
                            const Keep& keep = {}) const noexcept {
    detail::ranked_hits<Id> best(out, config_.origins);
    auto& work = s.work_;
    work.reserve(size(), store_.width(), 0);
    if (out.empty() || size() == 0 || !store_.load_query(query, work.query.data())) return best.found();
    const std::size_t wanted = s.search_width != 0 ? s.search_width : std::size_t{config_.search_width};
    std::size_t width = (std::min)((std::max)(wanted, out.size()), size());  // a slot is queued once
    if constexpr (!std::same_as<Keep, keep_all>) width = filtered_width(width, keep);
    if (width != 0) {
      const detail::row_table table = rows();
      const float* const q = work.query.data();
      detail::search_level<>(graph_, table, q, 0, detail::descend<>(graph_, table, q, 0, work), width, work);
      offer_nearest(work.queue.nearest(), keep, best);
      if (best.found().size() == (std::min)(out.size(), size())) return best.found();
      best = {out, config_.origins};
    }
    detail::exact_scan(store_, work.query.data(), keep, best);
    return best.found();
  }

  /// The k nearest of each row of queries [m, d], k = out.size() / m: query i's go to out[i * k ...], and their number
  /// to found[i]. `out` is [m, k], `found` [m]. Allocates.
  template <executor E = sequential>
  void search_each(matrix_view<const float> queries, std::span<hit<Id>> out, std::span<std::size_t> found,
                   E&& ex = {}) const {
    assert(found.size() == queries.rows && (queries.rows == 0 || out.size() % queries.rows == 0));
    const std::size_t k = queries.rows == 0 ? 0 : out.size() / queries.rows;
    const std::size_t grain =
        (std::max)(std::size_t{16}, queries.rows / (4 * (std::max)(std::size_t{1}, ex.concurrency())));
    for_each_chunk(ex, queries.rows, grain, [&](std::size_t first, std::size_t last) {
      scratch s = make_scratch(k);
      for (std::size_t i = first; i < last; ++i) found[i] = search(queries[i], out.subspan(i * k, k), s).size();
    });
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("config", self.config_);
    ar("vectors", self.store_);
    ar("graph", self.graph_);
  }
  /// Checks that the parts belong together, and finds the equal vectors again.
  [[nodiscard]] result<void> validate() {
    if (auto ok = config_.check(); !ok) return ok;
    if (store_.dimension() != config_.dimension || store_.metric() != config_.metric ||
        graph_.links() != config_.links || graph_.size() != store_.size())
      return error{errc::corrupt, "hnsw: vectors and graph do not belong together"};
    twin_.clear();
    by_content_ = {};
    std::vector<bool> is_twin(size());
    for (std::uint32_t slot = 0; slot < size(); ++slot) is_twin[slot] = !enter(slot);
    return check_links(is_twin);
  }

 private:
  [[nodiscard]] detail::row_table rows() const noexcept { return {store_.rows(), store_.width(), store_.sums()}; }

  template <executor E>
  [[nodiscard]] result<void> insert_with(std::span<detail::hnsw_scratch> work, std::span<const Id> ids,
                                         matrix_view<const float> rows_in, E& ex) {
    const auto before = static_cast<std::uint32_t>(size());
    if (auto ok = store_.append(ids, rows_in); !ok) return ok;
    if (before == 0) graph_.reserve(size());
    std::vector<std::uint32_t> fresh;
    for (std::uint32_t slot = before; slot < size(); ++slot) {
      if (enter(slot)) {
        graph_.append(config_.seed);
        fresh.push_back(slot);
      } else {
        graph_.append_unlinked();
      }
    }
    for (auto& s : work) s.reserve(size(), store_.width(), config_.build_width);
    detail::hnsw_builder<>(graph_, rows(), config_.build_width).link(fresh, work, ex);
    return {};
  }
  /// A vector that equals an earlier one is reached through it alone; by a link too, it would be found twice.
  [[nodiscard]] result<void> check_links(const std::vector<bool>& is_twin) const {
    const error linked{errc::corrupt, "hnsw: a vector that equals another is linked"};
    if (size() != 0 && is_twin[graph_.entry()]) return linked;
    for (std::uint32_t slot = 0; slot < size(); ++slot)
      for (std::uint32_t level = 0; level <= graph_.level(slot); ++level)
        for (const std::uint32_t to : graph_.list(slot, level)) {
          if (to == detail::empty_slot) break;
          if (is_twin[slot] || is_twin[to]) return linked;
        }
    return {};
  }
  /// True if no earlier vector is equal; else the slot joins that one's chain.
  [[nodiscard]] bool enter(std::uint32_t slot) {
    const auto bytes = [&](std::uint32_t s) { return std::as_bytes(std::span(store_.row(s), store_.width())); };
    const std::uint64_t hash = xxh64(bytes(slot));
    const std::uint32_t first = by_content_.find(hash, [&](std::uint32_t s) {
      return std::equal(store_.row(s), store_.row(s) + store_.width(), store_.row(slot));
    });
    twin_.push_back(detail::empty_slot);
    if (first == detail::empty_slot) return by_content_.insert(hash, slot), true;
    twin_[slot] = std::exchange(twin_[first], slot);
    return false;
  }
  /// How wide a search must be so that `width` of its candidates pass; 0 where comparing all that pass is cheaper.
  template <class Keep> [[nodiscard]] std::size_t filtered_width(std::size_t width, const Keep& keep) const noexcept {
    const std::size_t n = (std::min)(size(), std::size_t{256});
    std::size_t passing = 0;
    for (std::size_t i = 0; i < n; ++i) passing += keep(store_.ids()[i * size() / n]) ? 1u : 0u;
    if (passing == 0) return 0;
    const std::size_t wider = width * n / passing;
    const std::size_t compared_by_scan = size() * passing / n + size() / 16;  // 1/16: what asking the filter costs
    return wider * config_.links < compared_by_scan ? wider : 0;
  }
  template <class Keep>
  void offer_nearest(std::span<const detail::neighbour> nearest, const Keep& keep,
                     detail::ranked_hits<Id>& best) const noexcept {
    for (const detail::neighbour n : nearest) {
      const float score = 0.0f - n.distance();
      if (best.full() && score < best.worst()) return;
      for (std::uint32_t slot = n.slot(); slot != detail::empty_slot; slot = twin_[slot])
        if (keep(store_.ids()[slot])) best.offer(store_.ids()[slot], score);
    }
  }

  hnsw_config config_{};
  vector_store<Id> store_;
  detail::hnsw_graph graph_;
  std::vector<std::uint32_t> twin_;  // the next slot with an equal vector; only the first of them is linked
  detail::slot_table by_content_;    // the first slot of each vector
};

}  // namespace mlsd
