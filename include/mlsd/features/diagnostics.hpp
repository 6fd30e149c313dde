#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/no_such_feature.hpp"
#include "mlsd/features/kernel.hpp"
#include "mlsd/features/wiring.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mlsd {

/// None of these is ever defined. Like `no_such_feature`, a mistake in a pipeline names one of them with the culprit in
/// its arguments.
///
/// A feature would read the label: it would know the answer.
template <fixed_string Label>
struct label_leak;
/// The kernel is not callable (const and noexcept) with the values of this feature.
template <fixed_string Name, class Kernel, class Value>
struct cannot_read_feature;
/// A new name is taken already.
template <fixed_string Name>
struct feature_exists_already;
/// A hook is misspelt: the first name is what is written, the second what was meant.
template <class Stage, fixed_string Written, fixed_string Meant>
struct misspelt_hook;
/// A stage with `statistics` also needs `observe(statistics&, value)` (and, if it wants them, weight, or label and
/// weight) and `statistics::merge(const statistics&)`.
template <class Stage, fixed_string Hook>
struct stage_needs_hook;
/// What a stage leaves after `fit` needs `template <class Self, class Ar> static constexpr void describe(Self&, Ar&)`.
template <class Fitted>
struct fitted_stage_needs_describe;
/// Neither a kernel, nor `statistics` + `observe` + `fit`, nor `fit(values, weights)`.
template <class Stage>
struct not_a_stage;
/// An encoder that learns from labels is cross-fitted, so it stands alone: `on(...)(a >> b) | on(...)(encoder)`.
template <class Stage>
struct supervised_stage_cannot_be_fused;
/// A stage that learns from labels, on a schema without one.
template <class Stage>
struct stage_needs_a_label;
/// The kernel could read this feature if its call operator were const and noexcept.
template <fixed_string Name, class Kernel>
struct kernel_must_be_noexcept;
/// No stage wrote this feature, or it was dropped, or it is no number, block or code.
template <fixed_string Name>
struct feature_does_not_come_out;
/// The other struct has this field, but as Found, which does not convert to Wanted.
template <fixed_string Name, class Found, class Wanted>
struct cannot_convert_field;
/// A kernel that makes codes needs `std::uint32_t cardinality() const noexcept`: all its codes are below it.
template <class Kernel>
struct kernel_of_codes_needs_cardinality;
/// What kernels write is kept as bytes: no memory of its own, no references.
template <class Kernel, class Written>
struct kernel_must_write_plain_values;

namespace detail {

template <class Environment, std::size_t K>
[[nodiscard]] consteval std::string_view text_of() {
  if constexpr (root_of_slot(Environment::node, K) == K)
    return slot_name<Environment, K>::view();
  else
    return {};
}
template <class Environment, fixed_string N>
[[nodiscard]] consteval std::size_t nearest_slot() {
  return []<std::size_t... K>(std::index_sequence<K...>) {
    const std::string_view all[] = {text_of<Environment, K>()...};
    return nearest_name(N.view(), all);
  }(std::make_index_sequence<Environment::count>{});
}

template <class Feature>
struct suggestion;
template <fixed_string N>
struct suggestion<feature<N>> {
  using type = did_you_mean<N>;
};

/// True where the name exists; otherwise the compiler stops at `no_such_feature<"agee", did_you_mean<"age">>`.
template <class Environment, fixed_string N>
[[nodiscard]] consteval bool require_feature() {
  if constexpr (has_name<Environment, N>) {
    return true;
  } else {
    using nearest = typename suggestion<slot_name<Environment, nearest_slot<Environment, N>()>>::type;
    return sizeof(no_such_feature<N, nearest>) != 0;
  }
}

/// True where the value comes out of the pipeline.
template <fixed_string N, bool ComesOut>
[[nodiscard]] consteval bool require_output() {
  if constexpr (ComesOut) return true;
  else return sizeof(feature_does_not_come_out<N>) != 0;
}

/// A field of another struct as the type that the schema has; a missing number is NaN.
template <class Wanted, fixed_string N, class Found>
[[nodiscard]] constexpr Wanted converted(const Found& v) noexcept {
  if constexpr (std::is_convertible_v<const Found&, Wanted>) return static_cast<Wanted>(v);
  else if constexpr (std::is_same_v<kernel_value_t<false, Found>, Wanted>) return as_kernel_value<false>(v);
  else static_assert(sizeof(cannot_convert_field<N, Found, Wanted>) != 0);
}

/// Roles are a matter of the schema's own fields; values written by stages are free of them.
template <const auto& Schema, std::size_t K>
[[nodiscard]] consteval role role_of() {
  if constexpr (K < schema_of<Schema>::size)
    return schema_of<Schema>::template field_type<K>::role;
  else
    return role::value;
}

/// The hooks that a stage may have, and what they get written as.
template <class Stage>
[[nodiscard]] consteval bool check_spelling() {
#define MLSD_NEAR_MISS(wrong, right) \
  if constexpr (requires { &Stage::wrong; }) return sizeof(misspelt_hook<Stage, #wrong, #right>) != 0;
  MLSD_NEAR_MISS(observ, observe)
  MLSD_NEAR_MISS(obseve, observe)
  MLSD_NEAR_MISS(Observe, observe)
  MLSD_NEAR_MISS(fitt, fit)
  MLSD_NEAR_MISS(Fit, fit)
  MLSD_NEAR_MISS(fit_, fit)
#undef MLSD_NEAR_MISS
  if constexpr (requires { typename Stage::statistic; })
    return sizeof(misspelt_hook<Stage, "statistic", "statistics">) != 0;
  if constexpr (requires { typename Stage::statistics; }) {
    using S = typename Stage::statistics;
    if constexpr (requires { &S::merge_; }) return sizeof(misspelt_hook<S, "merge_", "merge">) != 0;
    if constexpr (requires { &S::Merge; }) return sizeof(misspelt_hook<S, "Merge", "merge">) != 0;
    if constexpr (requires { &S::combine; }) return sizeof(misspelt_hook<S, "combine", "merge">) != 0;
    if constexpr (!requires(S& s, const S& other) { s.merge(other); }) return sizeof(stage_needs_hook<S, "merge">) != 0;
    if constexpr (!requires { &Stage::observe; } && !learning_stage<Stage, float> && !learning_stage<Stage, category> &&
                  !learning_stage<Stage, code> && !learning_stage<Stage, timestamp>)
      return sizeof(stage_needs_hook<Stage, "observe">) != 0;
  }
  return true;
}

struct any_archive {
  template <class T>
  constexpr void operator()(std::string_view, T&&) {}
};
/// `describe` may be left out where there is nothing to keep.
template <class Fitted>
inline constexpr bool is_fused_kernel = false;
template <class A, class B>
inline constexpr bool is_fused_kernel<fused_kernel<A, B>> = true;
template <class Fitted>
[[nodiscard]] consteval bool check_describe() {
  if constexpr (is_fused_kernel<Fitted>)
    return check_describe<decltype(Fitted::first)>() && check_describe<decltype(Fitted::second)>();
  else if constexpr (requires(Fitted& f, any_archive& ar) { Fitted::describe(f, ar); } || std::is_empty_v<Fitted>)
    return true;
  else if constexpr (requires(Fitted& f, any_archive& ar) { Fitted::descibe(f, ar); })
    return sizeof(misspelt_hook<Fitted, "descibe", "describe">) != 0;
  else
    return sizeof(fitted_stage_needs_describe<Fitted>) != 0;
}

}  // namespace detail
}  // namespace mlsd
