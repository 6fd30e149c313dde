#pragma once

#include "mlsd/core/concepts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// A retriever whose hits all pass a predicate: `predicate(id)`, or `predicate(query, id)`. `where` makes it.
/// A retriever whose `search` takes a predicate itself is given it, and the answer is exact. Others are asked for more,
/// twice as many each time, until enough pass, they have no more, or `most` were asked for; the answer then is the best
/// that pass among those. Scores, origins and order are those of the retriever.
/// Allocates nothing once the scratch has been prepared. `Source` may be a const reference.
template <class Source, class Predicate, class Id = std::uint32_t> class filtered {
  using retriever_type = std::remove_cvref_t<Source>;

 public:
  struct scratch {
    typename retriever_type::scratch source{};
    std::vector<hit<Id>> hits{};
  };

  template <class From>
  filtered(From&& source, Predicate predicate, std::size_t most)
      : source_(std::forward<From>(source)), predicate_(std::move(predicate)), most_(most) {}

  void prepare(scratch& s, std::size_t most) const {
    if (s.hits.size() < most_) s.hits.resize(most_);
    const std::size_t asked = (std::max)(most, most_);
    if constexpr (requires { source_.prepare(s.source, asked); })
      source_.prepare(s.source, asked);
    else if constexpr (requires { source_.prepare(s.source); })
      source_.prepare(s.source);
  }

  template <class Query>
  std::span<hit<Id>> search(const Query& query, std::span<hit<Id>> out, scratch& s) const noexcept {
    const auto keep = [&](const Id& id) noexcept { return passes(query, id); };
    if constexpr (requires { source_.search(query, out, s.source, keep); }) {
      return source_.search(query, out, s.source, keep);
    } else {
      if (s.hits.size() < most_) s.hits.resize(most_);
      return over_fetch(query, out, s, keep);
    }
  }

 private:
  template <class Query> [[nodiscard]] bool passes(const Query& query, const Id& id) const noexcept {
    if constexpr (std::is_invocable_v<const Predicate&, const Query&, const Id&>)
      return predicate_(query, id);
    else
      return predicate_(id);
  }
  template <class Query, class Keep>
  std::span<hit<Id>> over_fetch(const Query& query, std::span<hit<Id>> out, scratch& s,
                                const Keep& keep) const noexcept {
    if (out.empty()) return out;
    for (std::size_t asked = (std::min)(2 * out.size(), most_);; asked = (std::min)(2 * asked, most_)) {
      const std::span<hit<Id>> hits = source_.search(query, std::span(s.hits).first(asked), s.source);
      std::size_t kept = 0;
      for (const hit<Id>& h : hits)
        if (kept < out.size() && keep(h.id)) out[kept++] = h;
      if (kept == out.size() || hits.size() < asked || asked == most_) return out.first(kept);
    }
  }

  Source source_;
  Predicate predicate_;
  std::size_t most_;
};

/// The hits of a retriever that pass a predicate; of at most `most` that it is asked for, where it takes none itself.
/// A named retriever is referred to and must outlive this; a temporary one is moved in.
template <class Id = std::uint32_t, class Source, class Predicate>
[[nodiscard]] auto where(Source&& source, Predicate predicate, std::size_t most = 10'000) {
  using kept = std::conditional_t<std::is_lvalue_reference_v<Source>, const std::remove_reference_t<Source>&,
                                  std::remove_cvref_t<Source>>;
  return filtered<kept, Predicate, Id>(std::forward<Source>(source), std::move(predicate), most);
}

}  // namespace mlsd
