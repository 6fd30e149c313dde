#pragma once

#include "mlsd/core/best_hits.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/pack.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// How the hits of one source become comparable with those of another: `weigh(hits)` overwrites the scores, best first,
/// of one source with what each is worth there. A hit that a source did not find is worth 0 there.
template <class F>
concept fusion = std::copyable<F> && requires(const F& f, std::span<hit<std::uint32_t>> hits) {
  { f.weigh(hits) } noexcept;
};

/// 1 / (k + rank), ranks from 1: looks at no score, so sources need nothing in common.
/// Source: Cormack, Clarke and Buettcher, Reciprocal rank fusion (2009).
struct reciprocal_ranks {
  float k = 60;
  template <class Id> void weigh(std::span<hit<Id>> hits) const noexcept {
    assert(k >= 0);
    for (std::size_t i = 0; i < hits.size(); ++i)
      hits[i].score = static_cast<float>(1 / (double{k} + static_cast<double>(i + 1)));
  }
};

/// (score - lowest) / (highest - lowest) of the source's hits; all 1 where they do not differ.
struct min_max_scores {
  template <class Id> void weigh(std::span<hit<Id>> hits) const noexcept {
    if (hits.empty()) return;
    const double highest = double{hits.front().score}, lowest = double{hits.back().score};
    for (hit<Id>& h : hits)
      h.score = highest > lowest ? static_cast<float>((double{h.score} - lowest) / (highest - lowest)) : 1.0f;
  }
};

/// (score - lowest) / standard deviation of the source's hits: z-scores, moved so that the lowest is worth what a hit
/// that was not found is worth; all 1 where they do not differ.
struct standard_scores {
  template <class Id> MLSD_UNCONTRACTED void weigh(std::span<hit<Id>> hits) const noexcept {
    MLSD_CONTRACT_OFF
    if (hits.empty()) return;
    const double lowest = double{hits.back().score}, n = static_cast<double>(hits.size());
    double mean = 0, squares = 0;
    for (const hit<Id>& h : hits) mean += (double{h.score} - lowest) / n;
    for (const hit<Id>& h : hits) {
      const double off = double{h.score} - lowest - mean;
      squares += off * off;
    }
    const double deviation = std::sqrt(squares / n);
    for (hit<Id>& h : hits) h.score = deviation > 0 ? hit_score((double{h.score} - lowest) / deviation) : 1.0f;
  }
};

/// What a source counts for in a fusion.
struct source_options {
  float weight = 1;      ///< its scores are multiplied by this
  std::size_t most = 0;  ///< hits asked of it; 0: as many as are asked of the fusion
};

namespace detail {

struct same_query {
  template <class Query> const Query& operator()(const Query& q) const noexcept { return q; }
};

template <class Projection, class Request>
decltype(auto) project(const Projection& projection, const Request& request) noexcept {
  if constexpr (std::is_member_object_pointer_v<Projection>)
    return (request.*projection);
  else
    return projection(request);
}

/// `Source` is a retriever, or a const reference to one that the caller keeps alive.
template <class Source, class Projection> struct fused_source {
  using retriever_type = std::remove_cvref_t<Source>;
  Source retriever;
  Projection projection;
  source_options options;
};

template <class T> inline constexpr bool is_fused_source = false;
template <class S, class P> inline constexpr bool is_fused_source<fused_source<S, P>> = true;

}  // namespace detail

/// A retriever and how to ask it: `projection(request)`, or a member of the request, is its query. A named retriever is
/// referred to and must outlive what is made of this; a temporary one is moved in.
template <class Source, class Projection = detail::same_query>
[[nodiscard]] auto from(Source&& source, Projection projection = {}, source_options options = {}) {
  using kept = std::conditional_t<std::is_lvalue_reference_v<Source>, const std::remove_reference_t<Source>&,
                                  std::remove_cvref_t<Source>>;
  return detail::fused_source<kept, Projection>{std::forward<Source>(source), projection, options};
}

/// Several retrievers as one. Each is asked with its own query from one request; their hits are made comparable by the
/// fusion, weighted and added up by id. Best first, ties by lower id. Bit i of `origins` says that source i found the
/// hit. A source that finds nothing adds nothing. `fuse` makes it.
/// O(h log h) for h hits of all sources; allocates nothing once the scratch has been prepared for buffers that large.
template <class Fusion, class Id, class... Sources> class fused_retriever {
 public:
  static_assert(sizeof...(Sources) <= 64, "a hit has 64 bits for its origins");
  struct scratch {
    pack<typename Sources::retriever_type::scratch...> sources{};
    std::vector<hit<Id>> hits{};
  };

  explicit fused_retriever(Fusion fusion, Sources... sources) : fusion_(fusion), sources_{{std::move(sources)}...} {}

  /// Makes room for searches with buffers of up to `most` hits.
  void prepare(scratch& s, std::size_t most) const {
    std::size_t room = 0;
    for_each_source([&]<std::size_t I>(const auto& source, std::integral_constant<std::size_t, I>) {
      room += asked(source.options, most);
      auto& own = get<I>(s.sources);
      if constexpr (requires { source.retriever.prepare(own, asked(source.options, most)); })
        source.retriever.prepare(own, asked(source.options, most));
      else if constexpr (requires { source.retriever.prepare(own); })
        source.retriever.prepare(own);
    });
    if (s.hits.size() < room) s.hits.resize(room);
  }

  template <class Request>
  std::span<hit<Id>> search(const Request& request, std::span<hit<Id>> out, scratch& s) const noexcept {
    prepare(s, out.size());
    std::size_t found = 0;
    for_each_source([&]<std::size_t I>(const auto& source, std::integral_constant<std::size_t, I>) {
      const auto room = std::span(s.hits).subspan(found, asked(source.options, out.size()));
      const auto& query = detail::project(source.projection, request);
      const std::span<hit<Id>> hits = source.retriever.search(query, room, get<I>(s.sources));
      fusion_.weigh(hits);
      for (hit<Id>& h : hits) {
        h.score *= source.options.weight;
        h.origins = std::uint64_t{1} << I;
      }
      found += hits.size();
    });
    return merge(std::span(s.hits).first(found), out);
  }

 private:
  [[nodiscard]] static std::size_t asked(const source_options& o, std::size_t most) noexcept {
    return o.most == 0 ? most : o.most;
  }
  template <class F> void for_each_source(F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (f(get<I>(sources_), std::integral_constant<std::size_t, I>{}), ...);
    }(std::index_sequence_for<Sources...>{});
  }
  /// Adds up what has one id, in the order of sources, and keeps the best.
  static std::span<hit<Id>> merge(std::span<hit<Id>> hits, std::span<hit<Id>> out) noexcept {
    std::sort(hits.begin(), hits.end(),
              [](const hit<Id>& a, const hit<Id>& b) { return a.id != b.id ? a.id < b.id : a.origins < b.origins; });
    best_hits<Id> best(out);
    for (std::size_t i = 0; i < hits.size();) {
      const Id id = hits[i].id;
      double score = 0;
      std::uint64_t origins = 0;
      for (; i < hits.size() && hits[i].id == id; ++i) {
        score += double{hits[i].score};
        origins |= hits[i].origins;
      }
      best.offer({id, hit_score(score), origins});
    }
    return best.ranked();
  }

  Fusion fusion_;
  pack<Sources...> sources_;
};

/// Retrievers, or `from(retriever, projection, options)`, as one retriever. `fuse<Id>` for ids that are not 32 bits.
template <class Id = std::uint32_t, fusion Fusion, class... Sources>
[[nodiscard]] auto fuse(Fusion how, Sources&&... sources) {
  static_assert(sizeof...(Sources) != 0, "fuse needs a retriever");
  const auto as_source = []<class S>(S&& s) {
    if constexpr (detail::is_fused_source<std::remove_cvref_t<S>>)
      return std::remove_cvref_t<S>(std::forward<S>(s));
    else
      return from(std::forward<S>(s));
  };
  return fused_retriever<Fusion, Id, decltype(as_source(std::forward<Sources>(sources)))...>(
      how, as_source(std::forward<Sources>(sources))...);
}
/// By reciprocal ranks.
template <class Id = std::uint32_t, class First, class... Sources>
  requires(!fusion<std::remove_cvref_t<First>>)
[[nodiscard]] auto fuse(First&& first, Sources&&... sources) {
  return fuse<Id>(reciprocal_ranks{}, std::forward<First>(first), std::forward<Sources>(sources)...);
}

}  // namespace mlsd
