#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/pack.hpp"
#include "mlsd/features/kernel.hpp"
#include "mlsd/features/layout.hpp"
#include "mlsd/features/slots.hpp"
#include "mlsd/features/wiring.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

/// Fitted stages and the two drivers that call their kernels: one row, and a tile of rows.
namespace mlsd::detail {

/// How a kernel takes stored values of these types: as they are, as numbers, or as categories.
enum class reading { impossible, exact, number, category };

/// Converts to T and to nothing else: tells a kernel that takes T from one that a conversion would reach.
template <class T>
struct only {
  template <std::same_as<T> U>
  operator U() const noexcept;
};
template <class K, class... T>
inline constexpr bool takes_integers_exactly =
    ((std::integral<T> && !std::same_as<T, bool>) && ...) && std::is_nothrow_invocable_v<const K&, only<T>...>;

/// An integer goes through a float only where the kernel asks for a number.
template <class K, class... T>
[[nodiscard]] consteval reading reading_of_each() {
  if constexpr (std::is_nothrow_invocable_v<const K&, kernel_value_t<true, T>...>) return reading::category;
  else if constexpr (takes_integers_exactly<K, T...>) return reading::exact;
  else if constexpr (std::is_nothrow_invocable_v<const K&, kernel_value_t<false, T>...>) return reading::number;
  else if constexpr (std::is_nothrow_invocable_v<const K&, const T&...>) return reading::exact;
  else return reading::impossible;
}
/// A user's own function gets the values as they are stored, if it can take them.
template <class K, class... T>
[[nodiscard]] consteval reading reading_of_derived() {
  if constexpr (std::is_nothrow_invocable_v<const K&, const T&...>) return reading::exact;
  else return reading_of_each<K, T...>();
}

template <reading How, class T>
[[nodiscard]] constexpr decltype(auto) read_as(const T& v) noexcept {
  if constexpr (How == reading::exact)
    return (v);
  else
    return as_kernel_value<How == reading::category>(v);
}

/// Arithmetic results are numbers, texts are categories; codes, blocks and all else stay what they are.
template <class R>
using written_t = std::conditional_t<
    std::is_arithmetic_v<std::remove_cvref_t<R>>, float,
    std::conditional_t<std::is_same_v<std::remove_cvref_t<R>, std::string_view>, category, std::remove_cvref_t<R>>>;

/// All that a kernel calls is inlined here, so that GCC rounds it alike wherever the call stands.
template <reading How, class K, class... T>
MLSD_UNCONTRACTED [[nodiscard, gnu::flatten]] constexpr auto call_kernel(const K& kernel, const T&... v) noexcept {
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#endif
  using R = decltype(kernel(read_as<How>(v)...));
  return static_cast<written_t<R>>(kernel(read_as<How>(v)...));
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
}
template <reading How, class K, class... T>
using called_t = decltype(call_kernel<How>(std::declval<const K&>(), std::declval<const T&>()...));

/// The row driver: `out = kernel(in...)`. Like the column driver it is compiled once for a kernel and its types.
template <reading How, class K, class Out, class... T>
MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] void run_row(const K& kernel, Out* out, const T&... in) noexcept {
  std::construct_at(out, call_kernel<How>(kernel, in...));
}

/// A tile is what a loop runs over: its length is a constant. A strip of tiles is what one stage does of one column
/// before the next column or stage: a processor that reads ahead starts anew at every change of column.
inline constexpr std::size_t tile_rows = 1024, strip_rows = 32 * tile_rows;

/// The column driver: `out[i] = kernel(in[i]...)`. A full tile has a constant trip count, which is what g++ 12 needs
/// to vectorise at -O2; two vectors a turn, or its speed would depend on where the linker puts the loop.
/// One instantiation serves every column with these types.
template <reading How, class K, class Out, class... T>
MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] void run_tile(const K& kernel_at, std::size_t n, Out* __restrict out,
                                                  const column_reader<T>... in) noexcept {
  constexpr bool small = std::is_trivially_copyable_v<K> && sizeof(K) <= 64;
  const std::conditional_t<small, const K, const K&> kernel = kernel_at;
  if (n == tile_rows) {
#if defined(__clang__)
#pragma clang loop interleave_count(2)
#elif defined(__GNUC__)
#pragma GCC ivdep
#pragma GCC unroll 2
#endif
    for (std::size_t i = 0; i < tile_rows; ++i) out[i] = call_kernel<How>(kernel, in[i]...);
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = call_kernel<How>(kernel, in[i]...);
  }
}

/// All n rows, tile by tile.
template <reading How, class K, class Out, class... T>
void run_column(const K& kernel, std::size_t n, Out* out, const column_reader<T>... in) noexcept {
  for (std::size_t first = 0; first < n; first += tile_rows)
    run_tile<How>(kernel, (std::min)(tile_rows, n - first), out + first, in.from(first)...);
}

template <class K>
[[nodiscard]] std::uint32_t cardinality_of(const K& kernel) {
  if constexpr (requires { kernel.cardinality(); })
    return kernel.cardinality();
  else
    return 0;
}

/// One kernel with its own parameters for each of several names.
template <class K, class Wiring>
struct each_stage;
template <class K, std::size_t... In, class... Read, std::size_t First, class... T, class New>
struct each_stage<K, wiring<slots<In...>, types<Read...>, First, types<T...>, New>> {
  using kernel_type = K;
  using wiring_type = wiring<slots<In...>, types<Read...>, First, types<T...>, New>;
  static constexpr std::size_t outputs = sizeof...(T);

  std::array<K, sizeof...(In)> kernels{};

  void run_row(const row_slots& row) const noexcept {
    std::size_t i = 0;
    ((detail::run_row<reading_of_each<K, Read>()>(kernels[i], row.writer<T>(First + i), row.read<Read>(In)), ++i), ...);
  }
  void run_strip(const column_slots& strip, std::size_t n) const noexcept {
    std::size_t i = 0;
    ((run_column<reading_of_each<K, Read>()>(kernels[i], n, strip.writer<T>(First + i), strip.reader<Read>(In)),
      ++i),
     ...);
  }
  /// `f.operator()<slot read, slot written>(kernel)` for every value that is read.
  template <class F>
  constexpr void each_read(F& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f.template operator()<In, First + I>(kernels[I]), ...); }
    (std::index_sequence_for<T...>{});
  }
  /// How many codes there are in each slot that is written.
  void cardinalities(std::uint32_t* by_slot) const {
    for (std::size_t i = 0; i < outputs; ++i) by_slot[First + i] = cardinality_of(kernels[i]);
  }

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar, std::size_t stage, const std::string_view* names) {
    const std::size_t in[] = {In...};
    for (std::size_t i = 0; i < outputs; ++i)
      ar(stage_key(stage, names, First + i, std::span(in).subspan(i, 1)), self.kernels[i]);
  }
};

/// One kernel over several values.
template <class K, class Wiring>
struct joint_stage;
template <class K, std::size_t... In, class... Read, std::size_t First, class T, class New>
struct joint_stage<K, wiring<slots<In...>, types<Read...>, First, types<T>, New>> {
  using kernel_type = K;
  using wiring_type = wiring<slots<In...>, types<Read...>, First, types<T>, New>;
  static constexpr std::size_t outputs = 1;

  K only{};

  void run_row(const row_slots& row) const noexcept {
    detail::run_row<reading_of_derived<K, Read...>()>(only, row.writer<T>(First), row.read<Read>(In)...);
  }
  void run_strip(const column_slots& strip, std::size_t n) const noexcept {
    run_column<reading_of_derived<K, Read...>()>(only, n, strip.writer<T>(First), strip.reader<Read>(In)...);
  }
  template <class F>
  constexpr void each_read(F& f) const {
    (f.template operator()<In, First>(only), ...);
  }
  void cardinalities(std::uint32_t* by_slot) const { by_slot[First] = cardinality_of(only); }

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar, std::size_t stage, const std::string_view* names) {
    const std::size_t in[] = {In...};
    ar(stage_key(stage, names, First, in), self.only);
  }
};

/// Says something of names, and does nothing with values.
template <class Wiring>
struct silent_stage {
  using wiring_type = Wiring;
  static constexpr std::size_t outputs = 0;

  static void run_row(const row_slots&) noexcept {}
  static void run_strip(const column_slots&, std::size_t) noexcept {}
  template <class F>
  static constexpr void each_read(F&) {}
  static void cardinalities(std::uint32_t*) {}
  template <class Self, class Ar>
  static constexpr void describe(Self&, Ar&, std::size_t, const std::string_view*) {}
};

/// The stages of a pipeline, which run one after the other.
template <class Indices, class... Stages>
struct stage_list;
template <std::size_t... I, class... Stages>
struct stage_list<std::index_sequence<I...>, Stages...> : pack_leaf<I, Stages>... {
  void run_row(const row_slots& row) const noexcept { (pack_leaf<I, Stages>::value.run_row(row), ...); }
  void run_strip(const column_slots& strip, std::size_t n) const noexcept {
    (pack_leaf<I, Stages>::value.run_strip(strip, n), ...);
  }
  template <class F>
  constexpr void each_read(F& f) const {
    (pack_leaf<I, Stages>::value.each_read(f), ...);
  }
  void cardinalities(std::uint32_t* by_slot) const { (pack_leaf<I, Stages>::value.cardinalities(by_slot), ...); }
  [[nodiscard]] std::array<void*, sizeof...(I)> addresses() noexcept { return {&(pack_leaf<I, Stages>::value)...}; }

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar, const std::string_view* names) {
    (Stages::describe(static_cast<std::conditional_t<std::is_const_v<Self>, const pack_leaf<I, Stages>,
                                                     pack_leaf<I, Stages>>&>(self)
                          .value,
                      ar, I, names),
     ...);
  }
};

}  // namespace mlsd::detail
