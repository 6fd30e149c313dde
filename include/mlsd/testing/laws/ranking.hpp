#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/broken.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace mlsd::laws {

/// Hits come best first, each id once, ties by lower id, in the caller's buffer, from at least one origin; the same
/// query gives the same hits. For every buffer length from 0 to `most`.
template <class Retriever, class Query, class Id = std::uint32_t>
  requires retriever<Retriever, Query, Id>
[[nodiscard]] result<void> ranks_hits(const Retriever& r, const Query& query, std::size_t most) {
  typename Retriever::scratch scratch{};
  for (std::size_t n = 0; n <= most; ++n) {
    const std::string where = "a buffer of " + std::to_string(n);
    std::vector<hit<Id>> buffer(n + 1, hit<Id>{Id{}, -7.0f, 0x5A5A});
    const auto out = std::span<hit<Id>>(buffer).first(n);
    const auto hits = r.search(query, out, scratch);
    if (hits.size() > n || (!hits.empty() && hits.data() != out.data()))
      return broken("hits lie at the start of the buffer", where);
    if (!(buffer[n] == hit<Id>{Id{}, -7.0f, 0x5A5A})) return broken("nothing is written behind the buffer", where);
    for (std::size_t i = 0; i < hits.size(); ++i) {
      const std::string place = where + ", hit " + std::to_string(i);
      if (hits[i].origins == 0) return broken("a hit has an origin", place);
      if (hits[i].score != hits[i].score) return broken("a score is a number", place);
      for (std::size_t j = 0; j < i; ++j)
        if (hits[j].id == hits[i].id) return broken("each id once", place);
      if (i == 0) continue;
      if (hits[i - 1].score < hits[i].score) return broken("best first", place);
      if (hits[i - 1].score == hits[i].score && !(hits[i - 1].id < hits[i].id))
        return broken("ties by lower id", place);
    }
    const std::vector<hit<Id>> first(hits.begin(), hits.end());
    const auto again = r.search(query, out, scratch);
    if (!std::equal(first.begin(), first.end(), again.begin(), again.end()))
      return broken("the same query gives the same hits", where);
  }
  return {};
}

/// What a reranker returns lies at the start of its candidates, and is some of them, each once. Candidates compare with
/// `==`. O(candidates squared).
template <class Reranker, class Candidate, class Context>
  requires reranker<Reranker, Candidate, std::remove_reference_t<Context>>
[[nodiscard]] result<void> permutes_candidates(const Reranker& r, std::span<const Candidate> candidates,
                                               Context&& context) {
  for (std::size_t n = 0; n <= candidates.size(); ++n) {
    const std::string where = std::to_string(n) + " candidates";
    std::vector<Candidate> buffer(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(n));
    const auto kept = r(std::span<Candidate>(buffer), context);
    if (kept.size() > n || (!kept.empty() && kept.data() != buffer.data()))
      return broken("what is kept lies at the start", where);
    std::vector<bool> used(n);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      std::size_t from = 0;
      while (from < n && (used[from] || !(candidates[from] == kept[i]))) ++from;
      if (from == n) return broken("the output is a sub-permutation", where + ", place " + std::to_string(i));
      used[from] = true;
    }
  }
  return {};
}

}  // namespace mlsd::laws
