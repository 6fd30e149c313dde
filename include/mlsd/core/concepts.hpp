/// Every contract of the library on one page. The smallest model of each is in archetypes.hpp, the laws that each
/// must keep in testing/laws.hpp.
#pragma once

#include "mlsd/fwd.hpp"
#include "mlsd/core/category.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// 1. A kernel: the pure function inside a feature stage, over plain values. It sees no rows, columns or threads.
template <class K, class... Values>
concept kernel = std::copyable<K> && std::is_nothrow_invocable_v<const K&, const Values&...>;

/// 2. A stage that learns: configuration, `statistics` (a monoid under `merge`) and what `fit` makes of them: a kernel.
template <class C, class Value>
concept learning_stage =
    requires(const C& config, typename C::statistics& s, const typename C::statistics& other, const Value& value) {
      s.merge(other);
      config.fit(other);
    } && (requires(const C& c, typename C::statistics& s, const Value& v) { c.observe(s, v); } ||
          requires(const C& c, typename C::statistics& s, const Value& v) { c.observe(s, v, 1.0f); } ||
          requires(const C& c, typename C::statistics& s, const Value& v) { c.observe(s, v, 1.0f, 1.0f); });

/// 3. A scorer: an immutable model. One input in, one number out; the batch form gives the same bits.
/// Input is a span of numbers, a sparse row, or a `mixed_row`.
template <class M, class Input = mixed_row>
concept scorer = std::copyable<M> && requires(const M& m, const Input& x) {
  { m(x) } noexcept -> std::convertible_to<double>;
};
template <class M>
concept batch_scorer = scorer<M> && requires(const M& m, const mixed_columns& x, std::span<double> out) { m(x, out); };
/// A scorer of K outputs writes them into the caller's span.
template <class M, class Input = mixed_row>
concept multi_scorer = std::copyable<M> && requires(const M& m, const Input& x, std::span<double> out) {
  { m(x, out) } noexcept;
  { m.outputs() } noexcept -> std::convertible_to<std::size_t>;
};

/// 4. A trainer: configuration with its seed in it. The loss is a template argument of the call; training returns the
/// model, or says what is wrong with the data.
template <class T, class Loss, class Data>
concept trainer = std::copyable<T> && requires(const T& t, const Data& data) {
  requires is_result<decltype(t.template fit<Loss>(data))>;
  requires scorer<typename decltype(t.template fit<Loss>(data))::value_type>;
};

/// 5. A learner: one labelled row at a time; the model so far can always be read.
template <class L, class Input = mixed_row>
concept learner = requires(L& l, const L& read, const Input& x, float y, float weight) {
  { l.learn(x, y, weight) } noexcept;
  { read.model() } -> scorer<Input>;
};

/// A candidate: what, how good, and which sources found it (one bit each).
template <class Id>
struct hit {
  Id id{};
  float score{};
  std::uint64_t origins{};
  friend constexpr bool operator==(const hit&, const hit&) = default;
};

/// 6. A retriever: writes the best into the caller's buffer, best first, each id once, ties by id; never allocates.
template <class R, class Query, class Id = std::uint32_t>
concept retriever = requires(const R& r, const Query& q, std::span<hit<Id>> out, typename R::scratch& scratch) {
  { r.search(q, out, scratch) } noexcept -> std::same_as<std::span<hit<Id>>>;
};

/// 7. A reranker: permutes and shortens candidates in place, seeing their joined rows. The context is scratch, or what
/// else the caller hands in.
template <class R, class Candidate, class Context>
concept reranker = requires(const R& r, std::span<Candidate> candidates, Context& context) {
  { r(candidates, context) } noexcept -> std::same_as<std::span<Candidate>>;
};

/// A reranker that `|` composes. A rule of one's own has `static constexpr std::string_view rule_name`,
/// `template <class C> std::span<C> operator()(std::span<C>, arena&) const noexcept`, and, if it takes scratch,
/// `template <class C> std::size_t scratch_bytes(std::size_t n) const noexcept`.
template <class R>
concept rerank_rule = std::copy_constructible<R> && requires {
  { R::rule_name } -> std::convertible_to<std::string_view>;
};

/// 8. A monitor: a mergeable metric. `M{}` is the identity of `merge`; the order of updates does not matter.
template <class M, class... Sample>
concept monitor = std::regular<M> && requires(M& m, const M& other, const Sample&... sample) {
  m.update(sample...);
  m.merge(other);
  other.value();
};

/// 9. A detector: order matters, so it does not merge. Each update says whether the stream has changed.
template <class D, class Sample = double>
concept detector = std::copyable<D> && requires(D& d, const Sample& x) {
  { d.update(x).drifted } -> std::convertible_to<bool>;
};

/// Why a store has no row for a key at a time, in order of precedence; `none` where it has.
enum class absence : std::uint8_t { none, no_key, not_yet_created, too_new, expired };

/// A row, or the reason why there is none.
template <class Row>
struct found {
  Row row{};
  absence reason = absence::no_key;
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return reason == absence::none; }
};

/// 10. A store: what was known of a key at a time. It never returns what was written later.
template <class S>
concept store = requires(const S& read, S& write, const typename S::key_type& key, const typename S::row_type& row,
                         timestamp t) {
  { read.as_of(key, t) } noexcept -> std::same_as<found<typename S::row_type>>;
  write.put(key, row, t);
};

/// 11. A sink: where events go. False means "not now" (back-pressure); it neither blocks nor throws.
template <class S, class Event>
concept sink = requires(S& s, const Event& e) {
  { s(e) } noexcept -> std::same_as<bool>;
};

/// 12. A source: a range of timed events, in order of time, then sequence.
template <class S>
concept source = requires(S& s) {
  { (*s.begin()).time } -> std::convertible_to<timestamp>;
  { s.begin() != s.end() } -> std::convertible_to<bool>;
};

/// 13. A communicator: processes that train one model together.
template <class C>
concept communicator = requires(C& c, std::span<double> values) {
  { c.rank() } noexcept -> std::convertible_to<std::size_t>;
  { c.size() } noexcept -> std::convertible_to<std::size_t>;
  { c.allreduce(values) } -> std::same_as<result<void>>;
};

/// 14. An archive: what `describe` hands the fields of a class to, by name.
template <class A, class T>
concept archive = requires(A& ar, T& value) { ar(std::string_view{}, value); };

}  // namespace mlsd
