#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/data/schema.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

/// How stages find their values, all at compile time. Every value of a pipeline has a slot: the fields of the schema
/// come first, then one slot for each value that a stage writes (nothing is overwritten). A name stands for the newest
/// slot written under it. Types carry slot numbers, not names, so that symbols stay short.
namespace mlsd::detail {

template <std::size_t... K>
struct slots {};
template <fixed_string... N>
struct names {};
template <class... T>
struct types {};

/// Reads the slots In with values of Read, writes the slots FirstOut, FirstOut + 1, ... with values of Out, under the
/// names New; where New is empty, output i is written under the name of input i.
template <class In, class Read, std::size_t FirstOut, class Out, class New = names<>>
struct wiring;
/// Writes nothing; the values in these slots do not come out of the pipeline.
template <class Hidden>
struct hiding;
/// Writes nothing; a model may only rise (Trend 1) or only fall (-1) with what the names of these slots stand for.
template <int Trend, class Named>
struct trending;

template <std::size_t K, class T>
struct slot_leaf {};
template <fixed_string N, std::size_t K>
struct name_leaf {};

template <fixed_string N, std::size_t K>
index_constant<K> find_name(const name_leaf<N, K>*);
template <std::size_t K, fixed_string N>
feature<N> find_root_name(const name_leaf<N, K>*);
template <std::size_t K, class T>
std::type_identity<T> find_type(const slot_leaf<K, T>*);

/// Whether values of this type can leave a pipeline as numbers: as how many.
template <class T>
inline constexpr std::size_t numbers_in = 0;
template <>
inline constexpr std::size_t numbers_in<float> = 1;
template <std::size_t N>
inline constexpr std::size_t numbers_in<std::array<float, N>> = N;

/// What the layout of rows and tiles needs to know of the type of a slot.
struct slot_shape {
  std::size_t size, alignment, numbers;
  bool is_code;
  bool by_address;  ///< cannot be copied as bytes: rows keep its address
};
template <class T>
inline constexpr slot_shape shape_of =
    std::is_trivially_copyable_v<T>
        ? slot_shape{sizeof(T), alignof(T), numbers_in<T>, std::is_same_v<T, code>, false}
        : slot_shape{sizeof(const T*), alignof(const T*), 0, false, true};

/// What one stage adds to the slots, as data: slots are then resolved by plain functions, not by templates.
struct environment_node {
  const environment_node* before = nullptr;
  std::size_t first = 0, count = 0;         ///< the slots it writes
  const slot_shape* shapes = nullptr;       ///< of each of these
  const std::string_view* names = nullptr;  ///< of each; null where they bear the names of what is read
  const std::size_t* roots = nullptr;       ///< the slots that bore these names first; null where that is here
  const std::size_t* in = nullptr;          ///< the slots it reads
  std::size_t in_count = 0;
  const std::size_t* hidden = nullptr;
  std::size_t hidden_count = 0;
  const std::size_t* trending = nullptr;
  std::size_t trending_count = 0;
  int trend = 0;
};

/// The stage that wrote slot k.
[[nodiscard]] constexpr const environment_node& writer_of_slot(const environment_node& last, std::size_t k) {
  const environment_node* e = &last;
  while (k < e->first || e->count == 0) e = e->before;
  return *e;
}
/// The slot that first bore the name of slot k.
[[nodiscard]] constexpr std::size_t root_of_slot(const environment_node& last, std::size_t k) {
  const environment_node& e = writer_of_slot(last, k);
  return e.roots == nullptr ? k : e.roots[k - e.first];
}
[[nodiscard]] constexpr std::string_view name_of_slot(const environment_node& last, std::size_t k) {
  const std::size_t root = root_of_slot(last, k);
  const environment_node& e = writer_of_slot(last, root);
  return e.names[root - e.first];
}
/// The newest slot that bears the same name as slot k.
[[nodiscard]] constexpr std::size_t newest_slot(const environment_node& last, std::size_t k) {
  const std::size_t root = root_of_slot(last, k);
  for (const environment_node* e = &last; e != nullptr; e = e->before)
    for (std::size_t i = e->count; i-- > 0;)
      if (e->roots == nullptr ? e->first + i == root : e->roots[i] == root) return e->first + i;
  return k;
}
[[nodiscard]] constexpr bool is_hidden_slot(const environment_node& last, std::size_t k) {
  for (const environment_node* e = &last; e != nullptr; e = e->before)
    for (std::size_t i = 0; i < e->hidden_count; ++i)
      if (e->hidden[i] == k) return true;
  return false;
}

/// The environment of a pipeline: the types and names of its slots.
template <const auto& Schema, class Indices = std::make_index_sequence<schema_of<Schema>::size>>
struct input_environment;
template <const auto& Schema, std::size_t... I>
struct input_environment<Schema, std::index_sequence<I...>>
    : slot_leaf<I, typename schema_of<Schema>::template value_type<I>>...,
      name_leaf<schema_of<Schema>::template field_type<I>::name, I>... {
  static constexpr std::size_t count = sizeof...(I);
  static constexpr slot_shape shapes[] = {shape_of<typename schema_of<Schema>::template value_type<I>>...};
  static constexpr std::string_view names[] = {schema_of<Schema>::template name<I>...};
  static constexpr environment_node node{.count = count, .shapes = shapes, .names = names};
};

template <std::size_t First, class Indices, class New>
struct new_names {};
template <std::size_t First, std::size_t... I, fixed_string... N>
  requires(sizeof...(N) > 0)
struct new_names<First, std::index_sequence<I...>, names<N...>> : name_leaf<N, First + I>... {};

template <class... T>
inline constexpr slot_shape shapes_of[] = {shape_of<T>...};
template <fixed_string... N>
inline constexpr std::string_view views_of[] = {N.view()...};

template <class Environment, class Wiring, class Indices = void>
struct next_environment;

template <class Environment, std::size_t... In, class Read, std::size_t First, class... T, fixed_string... N,
          std::size_t... I>
struct next_environment<Environment, wiring<slots<In...>, Read, First, types<T...>, names<N...>>,
                        std::index_sequence<I...>>
    : Environment, slot_leaf<First + I, T>..., new_names<First, std::index_sequence<I...>, names<N...>> {
  static constexpr std::size_t count = First + sizeof...(T);
  static constexpr std::size_t in[] = {In...};
  static constexpr std::size_t roots[] = {root_of_slot(Environment::node, In)...};
  static consteval environment_node describe_node() {
    environment_node made{.before = &Environment::node, .first = First, .count = sizeof...(T),
                          .shapes = shapes_of<T...>, .in = in, .in_count = sizeof...(In)};
    if constexpr (sizeof...(N) == 0) made.roots = roots;
    else made.names = views_of<N...>;
    return made;
  }
  static constexpr environment_node node = describe_node();
};

template <class Environment, class In, class Read, std::size_t First, class... T, class New>
struct next_environment<Environment, wiring<In, Read, First, types<T...>, New>, void>
    : next_environment<Environment, wiring<In, Read, First, types<T...>, New>, std::index_sequence_for<T...>> {};

template <class Environment, std::size_t... Hidden>
struct next_environment<Environment, hiding<slots<Hidden...>>, void> : Environment {
  static constexpr std::size_t hidden[] = {Hidden..., 0};
  static constexpr environment_node node{
      .before = &Environment::node, .hidden = hidden, .hidden_count = sizeof...(Hidden)};
};

template <class Environment, int Trend, std::size_t... Named>
struct next_environment<Environment, trending<Trend, slots<Named...>>, void> : Environment {
  static constexpr std::size_t named[] = {Named...};
  static constexpr environment_node node{
      .before = &Environment::node, .trending = named, .trending_count = sizeof...(Named), .trend = Trend};
};

/// The environment after all of these wirings.
template <class Environment, class... Wirings>
struct environment_after {
  using type = Environment;
};
template <class Environment, class Wiring, class... Rest>
struct environment_after<Environment, Wiring, Rest...>
    : environment_after<next_environment<Environment, Wiring>, Rest...> {};

template <class Environment, std::size_t K>
using slot_type_t = typename decltype(find_type<K>(static_cast<const Environment*>(nullptr)))::type;

template <class Environment, fixed_string N>
inline constexpr bool has_name = requires { find_name<N>(static_cast<const Environment*>(nullptr)); };
/// The newest slot under this name; requires `has_name`.
template <class Environment, fixed_string N>
inline constexpr std::size_t slot_of =
    newest_slot(Environment::node, decltype(find_name<N>(static_cast<const Environment*>(nullptr)))::value);
/// The name of slot K as a `feature<...>`.
template <class Environment, std::size_t K>
using slot_name = decltype(find_root_name<root_of_slot(Environment::node, K)>(static_cast<const Environment*>(nullptr)));

}  // namespace mlsd::detail
