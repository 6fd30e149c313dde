#pragma once

#include "mlsd/features/spec.hpp"

#include <type_traits>
#include <utility>

namespace mlsd {

/// What `on("age"_f, "bid"_f)(operation)` makes: an operation and the names it is for, waiting for its `|`.
template <class Read, class Write, class C>
struct feature_request;
template <fixed_string... Read, fixed_string... Write, class C>
struct feature_request<detail::names<Read...>, detail::names<Write...>, C> {
  C config;

  /// Writes under new names, one for each name that is read; the old names keep their values.
  template <fixed_string... N>
  [[nodiscard]] constexpr auto as(feature<N>...) const {
    static_assert(sizeof...(N) == sizeof...(Read), "mlsd: as(...) needs one new name for each name in on(...)");
    return feature_request<detail::names<Read...>, detail::names<N...>, C>{config};
  }
};

/// One kernel over several features, written under a new name.
template <class Read, fixed_string Write, class K>
struct joint_request {
  K kernel;
};
template <class Names, bool Keep>
struct visibility_request {};
template <class Names, int Trend>
struct trend_request {};

namespace detail {
template <fixed_string... N>
struct selection {
  template <stage_operation C>
  [[nodiscard]] constexpr auto operator()(C config) const {
    static_assert(check_spelling<C>());
    return feature_request<names<N...>, names<>, C>{std::move(config)};
  }
  template <class C>
  constexpr auto operator()(C) const {
    static_assert(check_spelling<C>());
    static_assert(sizeof(not_a_stage<C>) != 0);
  }
};

template <class C>
[[nodiscard]] consteval bool check_fusion() {
  if constexpr (is_fused<C>) {
    using A = std::remove_cvref_t<decltype(std::declval<C&>().first)>;
    using B = std::remove_cvref_t<decltype(std::declval<C&>().second)>;
    if constexpr (supervised<A>) return sizeof(supervised_stage_cannot_be_fused<A>) != 0;
    if constexpr (supervised<B>) return sizeof(supervised_stage_cannot_be_fused<B>) != 0;
    return check_spelling<A>() && check_spelling<B>() && check_fusion<A>() && check_fusion<B>();
  }
  return true;
}

/// Name N exists, is not the label, and this kernel can read it.
template <class Spec, class K, fixed_string N>
[[nodiscard]] consteval bool check_read() {
  using environment = typename Spec::environment;
  if constexpr (require_feature<environment, N>()) {
    constexpr std::size_t k = slot_of<environment, N>;
    if constexpr (role_of<Spec::schema, k>() == role::label) return sizeof(label_leak<N>) != 0;
  }
  return true;
}
template <class Spec, class K, fixed_string N>
[[nodiscard]] consteval bool check_kernel() {
  using T = slot_type_t<typename Spec::environment, slot_of<typename Spec::environment, N>>;
  if constexpr (reading_of_each<K, T>() != reading::impossible)
    return true;
  else if constexpr (std::is_invocable_v<const K&, kernel_value_t<true, T>> ||
                     std::is_invocable_v<const K&, kernel_value_t<false, T>>)
    return sizeof(kernel_must_be_noexcept<N, K>) != 0;
  else
    return sizeof(cannot_read_feature<N, K, T>) != 0;
}
/// What the kernel makes can be kept and handed out.
template <class K, class Written>
[[nodiscard]] consteval bool check_written() {
  if constexpr (std::is_same_v<Written, code> && !requires(const K& k) { k.cardinality(); })
    return sizeof(kernel_of_codes_needs_cardinality<K>) != 0;
  else if constexpr (!std::is_trivially_copyable_v<Written>)
    return sizeof(kernel_must_write_plain_values<K, Written>) != 0;
  else
    return true;
}
template <fixed_string N, fixed_string... All>
inline constexpr std::size_t times_named = ((N.view() == All.view()) + ... + std::size_t{0});
template <class Spec, fixed_string... N>
[[nodiscard]] consteval bool check_new_names() {
  return ([] {
    if constexpr (has_name<typename Spec::environment, N> || times_named<N, N...> != 1)
      return sizeof(feature_exists_already<N>) != 0;
    return true;
  }() && ...);
}
template <class Spec, class C>
[[nodiscard]] consteval bool check_label() {
  if constexpr (supervised<C> && schema_of<Spec::schema>::index_of(role::label) == schema_of<Spec::schema>::size)
    return sizeof(stage_needs_a_label<C>) != 0;
  return true;
}

template <class Spec, fixed_string N>
using read_type = slot_type_t<typename Spec::environment, slot_of<typename Spec::environment, N>>;

template <class S>
inline constexpr bool is_spec = requires { typename S::environment; S::stages; };
}  // namespace detail

/// `on("age"_f, "bid"_f)(impute{median} >> log_plus_one{})`: the operation on each of these, with parameters of its
/// own for each. Values are written under the same names, unless `.as(...)` says others.
template <fixed_string... N>
[[nodiscard]] consteval detail::selection<N...> on(feature<N>...) noexcept {
  static_assert(sizeof...(N) > 0, "mlsd: on(...) needs a feature");
  return {};
}

/// `derive("value"_f, [](float bid, float rate) noexcept { return bid * rate; }, "bid"_f, "rate"_f)`: the user's own
/// pure function of several features, under a new name. Values come as they are stored, or as numbers.
template <fixed_string Write, class K, fixed_string... Read>
[[nodiscard]] constexpr joint_request<detail::names<Read...>, Write, K> derive(feature<Write>, K kernel,
                                                                               feature<Read>...) {
  return {std::move(kernel)};
}

/// These do not come out of the pipeline.
template <fixed_string... N>
[[nodiscard]] consteval visibility_request<detail::names<N...>, false> drop(feature<N>...) noexcept {
  return {};
}
/// Of what was written so far, only these come out.
template <fixed_string... N>
[[nodiscard]] consteval visibility_request<detail::names<N...>, true> only(feature<N>...) noexcept {
  return {};
}

/// With what comes out under these names a model of one output may only rise: a trainer takes it from the training
/// matrix, or says that it cannot keep to it.
/// They must be numbers that come out so far. What later stages write under the names stays so; the last word counts.
template <fixed_string... N>
[[nodiscard]] consteval trend_request<detail::names<N...>, 1> rising(feature<N>...) noexcept {
  return {};
}
/// The same, and it may only fall.
template <fixed_string... N>
[[nodiscard]] consteval trend_request<detail::names<N...>, -1> falling(feature<N>...) noexcept {
  return {};
}

template <class Spec, fixed_string... Read, class Write, class C>
  requires detail::is_spec<Spec>
[[nodiscard]] constexpr auto operator|(Spec spec, feature_request<detail::names<Read...>, Write, C> request) {
  using environment = typename Spec::environment;
  using K = detail::fitted_t<C>;
  static_assert(detail::check_fusion<C>());
  static_assert(detail::check_describe<K>());
  static_assert(detail::check_label<Spec, C>());
  static_assert((detail::check_read<Spec, K, Read>() && ...));
  if constexpr ((detail::has_name<environment, Read> && ...)) {
    static_assert((detail::check_kernel<Spec, K, Read>() && ...));
    static_assert([]<fixed_string... N>(detail::names<N...>) { return detail::check_new_names<Spec, N...>(); }(Write{}));
    if constexpr (((detail::reading_of_each<K, detail::read_type<Spec, Read>>() != detail::reading::impossible) && ...)) {
      using written = detail::types<detail::called_t<detail::reading_of_each<K, detail::read_type<Spec, Read>>(), K,
                                                     detail::read_type<Spec, Read>>...>;
      static_assert([]<class... T>(detail::types<T...>) { return (detail::check_written<K, T>() && ...); }(written{}));
      using wiring =
          detail::wiring<detail::slots<detail::slot_of<environment, Read>...>,
                         detail::types<detail::read_type<Spec, Read>...>, environment::count, written, Write>;
      using plan = detail::each_plan<C, wiring>;
      return pipeline_spec<Spec, plan>{static_cast<Spec&&>(spec), {static_cast<C&&>(request.config)}};
    }
  }
}

template <class Spec, fixed_string... Read, fixed_string Write, class K>
  requires detail::is_spec<Spec>
[[nodiscard]] constexpr auto operator|(Spec spec, joint_request<detail::names<Read...>, Write, K> request) {
  using environment = typename Spec::environment;
  static_assert((detail::check_read<Spec, K, Read>() && ...));
  static_assert(detail::check_new_names<Spec, Write>());
  static_assert(detail::check_describe<K>());
  if constexpr ((detail::has_name<environment, Read> && ...)) {
    constexpr auto how = detail::reading_of_derived<K, detail::read_type<Spec, Read>...>();
    if constexpr (how == detail::reading::impossible && std::is_invocable_v<const K&, const detail::read_type<Spec, Read>&...>) {
      static_assert(sizeof(kernel_must_be_noexcept<Write, K>) != 0);
    } else if constexpr (how == detail::reading::impossible) {
      static_assert(sizeof(cannot_read_feature<Write, K, detail::types<detail::read_type<Spec, Read>...>>) != 0);
    } else {
      using written = detail::called_t<how, K, detail::read_type<Spec, Read>...>;
      static_assert(detail::check_written<K, written>());
      using wiring = detail::wiring<detail::slots<detail::slot_of<environment, Read>...>,
                                    detail::types<detail::read_type<Spec, Read>...>, environment::count,
                                    detail::types<written>, detail::names<Write>>;
      using plan = detail::joint_plan<K, wiring>;
      return pipeline_spec<Spec, plan>{static_cast<Spec&&>(spec), {static_cast<K&&>(request.kernel)}};
    }
  }
}

namespace detail {
/// Whether the newest value of this name leaves the pipeline so far.
template <class Spec, fixed_string N, std::size_t K = slot_of<typename Spec::environment, N>>
inline constexpr bool comes_out =
    K >= schema_of<Spec::schema>::size && !is_hidden_slot(Spec::environment::node, K) &&
    (numbers_in<read_type<Spec, N>> != 0 || std::is_same_v<read_type<Spec, N>, code>);

/// The slots that `drop` or `only` keep from coming out.
template <class Environment, bool Keep, fixed_string... N>
[[nodiscard]] consteval auto hidden_slots() {
  constexpr std::size_t named[] = {slot_of<Environment, N>...};
  std::array<bool, Environment::count> hide{};
  for (auto& h : hide) h = Keep;
  for (const std::size_t k : named) hide[k] = !Keep;
  return hide;
}
template <class Environment, bool Keep, class Names, class Indices>
struct hidden_of;
template <class Environment, bool Keep, fixed_string... N, std::size_t... I>
struct hidden_of<Environment, Keep, names<N...>, std::index_sequence<I...>> {
  static constexpr auto hide = hidden_slots<Environment, Keep, N...>();
  static constexpr std::size_t count = (std::size_t{hide[I]} + ... + 0);
  static constexpr std::array<std::size_t, count> which = [] {
    std::array<std::size_t, count> w{};
    std::size_t next = 0;
    for (std::size_t k = 0; k < hide.size(); ++k)
      if (hide[k]) w[next++] = k;
    return w;
  }();
  template <std::size_t... J>
  static slots<which[J]...> as_slots(std::index_sequence<J...>);
  using type = decltype(as_slots(std::make_index_sequence<count>{}));
};
}  // namespace detail

template <class Spec, fixed_string... N, bool Keep>
  requires detail::is_spec<Spec>
[[nodiscard]] constexpr auto operator|(Spec spec, visibility_request<detail::names<N...>, Keep>) {
  using environment = typename Spec::environment;
  static_assert((detail::require_feature<environment, N>() && ...));
  if constexpr ((detail::has_name<environment, N> && ...)) {
    if constexpr (Keep) static_assert((detail::require_output<N, detail::comes_out<Spec, N>>() && ...));
    using hidden = typename detail::hidden_of<environment, Keep, detail::names<N...>,
                                              std::make_index_sequence<environment::count>>::type;
    return pipeline_spec<Spec, detail::silent_plan<detail::hiding<hidden>>>{static_cast<Spec&&>(spec), {}};
  }
}

template <class Spec, fixed_string... N, int Trend>
  requires detail::is_spec<Spec>
[[nodiscard]] constexpr auto operator|(Spec spec, trend_request<detail::names<N...>, Trend>) {
  using environment = typename Spec::environment;
  static_assert((detail::require_feature<environment, N>() && ...));
  if constexpr ((detail::has_name<environment, N> && ...)) {
    static_assert((detail::require_output<N, detail::comes_out<Spec, N> &&
                                                 detail::numbers_in<detail::read_type<Spec, N>> != 0>() &&
                   ...));
    using wiring = detail::trending<Trend, detail::slots<detail::slot_of<environment, N>...>>;
    return pipeline_spec<Spec, detail::silent_plan<wiring>>{static_cast<Spec&&>(spec), {}};
  }
}

}  // namespace mlsd
