#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/fp.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/features/kernel.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// `a >> b` before it is fitted: a is fitted on the values, b on what a makes of them.
template <class A, class B> struct fused {
  A first{};
  B second{};
};

/// What a supervised encoder knows of the training rows: label [n], weight [n] or empty.
struct fit_rows {
  std::span<const float> label{};
  std::span<const float> weight{};

  [[nodiscard]] float weight_of(std::size_t i) const noexcept { return weight.empty() ? 1.0f : weight[i]; }
};

namespace detail {

template <class C> inline constexpr bool is_fused = false;
template <class A, class B> inline constexpr bool is_fused<fused<A, B>> = true;

/// `fit(values, weights)`: a learner that needs all values at once.
template <class C>
concept learns_from_column = requires(const C& c, std::span<const float> v) { c.fit(v, v); };
/// `statistics`, `observe`, `fit(statistics)`: a learner whose state is a monoid.
template <class C>
concept learns_from_statistics = requires(const C& c, const typename C::statistics& s) { c.fit(s); };

template <class R> struct unwrapped {
  using type = R;
};
template <class T> struct unwrapped<result<T>> {
  using type = T;
};

/// What a configuration becomes when it is fitted; a kernel without state to learn stays itself.
template <class C> struct fitted_of {
  using type = C;
};
template <learns_from_column C> struct fitted_of<C> {
  using type = typename unwrapped<decltype(std::declval<const C&>().fit(std::span<const float>{},
                                                                        std::span<const float>{}))>::type;
};
template <learns_from_statistics C> struct fitted_of<C> {
  using type =
      typename unwrapped<decltype(std::declval<const C&>().fit(std::declval<const typename C::statistics&>()))>::type;
};
template <class A, class B> struct fitted_of<fused<A, B>> {
  using type = fused_kernel<typename fitted_of<A>::type, typename fitted_of<B>::type>;
};
template <class C> using fitted_t = typename fitted_of<C>::type;

/// `observe(statistics, value, label, weight)`: the encoder sees labels and is cross-fitted on training rows.
template <class C, class V>
concept observes_label =
    requires(const C& c, typename C::statistics& s, const V& v, float y) { c.observe(s, v, y, y); };
template <class C>
concept supervised =
    observes_label<C, float> || observes_label<C, category> || observes_label<C, code> || observes_label<C, timestamp>;

/// How often and with which seed a supervised encoder is cross-fitted, unless it says so itself.
template <class C> [[nodiscard]] constexpr std::uint32_t folds_of(const C& c) noexcept {
  if constexpr (requires { c.folds; })
    return c.folds;
  else
    return 5;
}
template <class C> [[nodiscard]] constexpr std::uint64_t seed_of(const C& c) noexcept {
  if constexpr (requires { c.seed; })
    return c.seed;
  else
    return 0;
}

template <class C, class V>
MLSD_UNCONTRACTED void observe_one(const C& c, typename C::statistics& s, const V& v, const fit_rows& rows,
                                   std::size_t i) {
  if constexpr (supervised<C>)
    c.observe(s, v, rows.label[i], rows.weight_of(i));
  else if constexpr (requires { c.observe(s, v, 1.0f); })
    c.observe(s, v, rows.weight_of(i));
  else
    c.observe(s, v);
}

/// Rows of one partial result of a fit. Partials merge in a fixed tree: bits do not depend on the number of threads.
inline constexpr std::size_t fit_grain = std::size_t{1} << 16;

/// Rows [first, last), or those of them in one fold.
template <class C, class Values>
MLSD_UNCONTRACTED [[gnu::noinline]] void observe_rows(const C& c, typename C::statistics& s, const Values& value,
                                                      const fit_rows& rows, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) observe_one(c, s, value(i), rows, i);
}
template <class C, class Values>
MLSD_UNCONTRACTED [[gnu::noinline]] void observe_fold(const C& c, typename C::statistics& s, const Values& value,
                                                      const fit_rows& rows, std::span<const std::uint8_t> fold,
                                                      std::size_t f) {
  for (std::size_t i = 0; i < fold.size(); ++i)
    if (fold[i] == f) observe_one(c, s, value(i), rows, i);
}

/// A kernel during a fit, rounded as the drivers round it.
template <class K, class V>
MLSD_UNCONTRACTED [[nodiscard, gnu::flatten]] constexpr auto apply_while_fitting(const K& kernel, const V& value) {
  return kernel(value);
}

template <class C, class Values, executor Ex>
[[nodiscard]] typename C::statistics gather_statistics(const C& c, std::size_t n, const Values& value,
                                                       const fit_rows& rows, Ex& ex) {
  using S = typename C::statistics;
  return reduce_chunks<S>(
      ex, n, fit_grain,
      [&](std::size_t first, std::size_t last) {
        S s{};
        observe_rows(c, s, value, rows, first, last);
        return s;
      },
      [](S& into, const S& from) { into.merge(from); });
}

/// Fits one configuration on `value(0) ... value(n - 1)`.
template <class C, class Values, executor Ex>
[[nodiscard]] result<fitted_t<C>> fit_one(const C& c, std::size_t n, const Values& value, const fit_rows& rows,
                                          Ex& ex) {
  if constexpr (is_fused<C>) {
    auto first = fit_one(c.first, n, value, rows, ex);
    if (!first) return first.error();
    auto second = fit_one(
        c.second, n, [&](std::size_t i) { return apply_while_fitting(*first, value(i)); }, rows, ex);
    if (!second) return second.error();
    return fitted_t<C>{std::move(*first), std::move(*second)};
  } else if constexpr (learns_from_statistics<C>) {
    return c.fit(gather_statistics(c, n, value, rows, ex));
  } else if constexpr (learns_from_column<C>) {
    std::vector<float> values(n);
    for_each_chunk(ex, n, fit_grain, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) values[i] = value(i);
    });
    return c.fit(std::span<const float>(values), rows.weight);
  } else {
    return c;
  }
}

/// Which fold each row belongs to. Groups stay whole, and are dealt in runs of `folds` groups; otherwise rows are, for
/// each of two strata (label above 1/2 or not): each fold has its share of every class and of every period.
template <class = void>
[[nodiscard]] std::vector<std::uint8_t> assign_folds(std::size_t n, std::uint32_t folds, std::uint64_t seed,
                                                     std::span<const float> label,
                                                     std::span<const std::uint32_t> group) {
  const auto mix = [seed](std::uint64_t x) {
    x = (x ^ seed) * 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93u;
    return x ^ (x >> 32);
  };
  std::vector<std::uint8_t> fold(n);
  std::uint64_t seen[2] = {0, 0};
  std::uint8_t deal[2][256];
  std::uint64_t dealt[2] = {~std::uint64_t{0}, ~std::uint64_t{0}};
  const auto fold_at = [&](std::size_t stratum, std::uint64_t k) {
    const std::uint64_t round = k / folds;
    if (dealt[stratum] != round) {
      dealt[stratum] = round;
      for (std::uint32_t f = 0; f < folds; ++f) deal[stratum][f] = static_cast<std::uint8_t>(f);
      for (std::uint32_t f = folds; f > 1; --f)
        std::swap(deal[stratum][f - 1], deal[stratum][mix(round * 512 + stratum * 256 + f) % f]);
    }
    return deal[stratum][k % folds];
  };
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t stratum = group.empty() && label[i] > 0.5f ? 1 : 0;
    fold[i] = fold_at(stratum, group.empty() ? seen[stratum]++ : group[i]);
  }
  return fold;
}

/// Cross-fitting of a supervised encoder: `whole` learns from all rows and serves new ones; row i of the training
/// matrix is encoded by `without[fold[i]]`, which has not seen its fold.
template <class Fitted> struct cross_fitted {
  Fitted whole{};
  std::vector<Fitted> without{};
};

template <class C, class Values, executor Ex>
[[nodiscard]] result<cross_fitted<fitted_t<C>>> cross_fit(const C& c, const Values& value, const fit_rows& rows,
                                                          std::span<const std::uint8_t> fold, std::uint32_t folds,
                                                          Ex& ex) {
  using S = typename C::statistics;
  std::vector<S> part(folds);
  ex.for_each_index(folds, [&](std::size_t f) { observe_fold(c, part[f], value, rows, fold, f); });
  const auto fit = [&](std::size_t left_out) -> result<fitted_t<C>> {
    S all{};
    for (std::size_t f = 0; f < folds; ++f)
      if (f != left_out) all.merge(part[f]);
    return c.fit(all);
  };
  auto whole = fit(folds);
  if (!whole) return whole.error();
  cross_fitted<fitted_t<C>> out{std::move(*whole), {}};
  for (std::size_t f = 0; f < folds; ++f) {
    auto without = fit(f);
    if (!without) return without.error();
    out.without.push_back(std::move(*without));
  }
  return out;
}

}  // namespace detail

/// What can stand in a pipeline: a kernel, or a configuration that becomes one when it is fitted.
template <class C>
concept stage_operation =
    requires { &C::operator(); } || detail::is_fused<C> || detail::learns_from_statistics<C> ||
    detail::learns_from_column<C> || number_kernel<C> || category_kernel<C> ||
    std::is_nothrow_invocable_v<const C&, code> || std::is_nothrow_invocable_v<const C&, timestamp>;

/// `a >> b`: one kernel made of two, fitted from left to right. Where neither type lives in namespace mlsd, look-up
/// does not find the operator: write `mlsd::then(a, b)`.
template <stage_operation A, stage_operation B> [[nodiscard]] constexpr fused<A, B> then(A a, B b) {
  return {std::move(a), std::move(b)};
}
template <stage_operation A, stage_operation B> [[nodiscard]] constexpr fused<A, B> operator>>(A a, B b) {
  return {std::move(a), std::move(b)};
}

}  // namespace mlsd
