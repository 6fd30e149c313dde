#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features/kernel.hpp"
#include "mlsd/features/wiring.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
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

/// Reads a stored column from some row on.
template <class T>
struct column_reader {
  const typename column_of<T>::type::value_type* data;
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data[i]; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data + row}; }
};
template <>
struct column_reader<bool> {
  const std::uint8_t* data;
  [[nodiscard]] bool operator[](std::size_t i) const noexcept { return data[i] != 0; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data + row}; }
};
template <>
struct column_reader<std::string_view> {
  const text_column* data;
  std::size_t first;
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept { return (*data)[first + i]; }
  [[nodiscard]] column_reader from(std::size_t row) const noexcept { return {data, first + row}; }
};
template <class T>
[[nodiscard]] column_reader<T> read_from(const typename column_of<T>::type& column, std::size_t first) noexcept {
  if constexpr (std::is_same_v<T, std::string_view>)
    return {&column, first};
  else
    return {column.data() + first};
}

/// A tile is what a loop runs over: its length is a constant. A strip of tiles is what one stage does of one column
/// before the next column or stage: a processor that reads ahead starts anew at every change of column.
inline constexpr std::size_t tile_rows = 1024, strip_rows = 16 * tile_rows;

/// The column driver: `out[i] = kernel(in[i]...)`. A full tile has a constant trip count, which is what g++ 12 needs
/// to vectorise at -O2. One instantiation serves every column with these types.
template <reading How, class K, class Out, class... T>
MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] void run_tile(const K& kernel_at, std::size_t n, Out* __restrict out,
                                                  const column_reader<T>... in) noexcept {
  constexpr bool small = std::is_trivially_copyable_v<K> && sizeof(K) <= 64;
  const std::conditional_t<small, const K, const K&> kernel = kernel_at;
  if (n == tile_rows) {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC ivdep
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
template <class K, std::size_t... In, std::size_t First, class... T, class New>
struct each_stage<K, wiring<slots<In...>, First, types<T...>, New>> {
  using kernel_type = K;
  using wiring_type = wiring<slots<In...>, First, types<T...>, New>;
  static constexpr std::size_t first_output = First, outputs = sizeof...(T);
  [[nodiscard]] static constexpr std::array<std::size_t, 1> inputs_of(std::size_t output) noexcept {
    constexpr std::size_t in[] = {In...};
    return {in[output]};
  }

  std::array<K, sizeof...(In)> kernels{};

  /// `state.read<k>()` and `state.write<k>(value)` reach the slots of one row.
  template <class State>
  constexpr void run_row(State& state) const noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (state.template write<First + I>(
           call_kernel<reading_of_each<K, typename State::template type<In>>()>(kernels[I], state.template read<In>())),
       ...);
    }
    (std::index_sequence_for<T...>{});
  }
  /// `state.reader<k>()` and `state.writer<k>()` reach the slots of a strip of n rows.
  template <class State>
  void run_strip(State& state, std::size_t n) const noexcept {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (run_column<reading_of_each<K, typename State::template type<In>>()>(
           kernels[I], n, state.template writer<First + I>(), state.template reader<In>()),
       ...);
    }
    (std::index_sequence_for<T...>{});
  }
  /// `f.operator()<slot read, slot written>(kernel)` for every value that is read.
  template <class F>
  constexpr void each_read(F& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f.template operator()<In, First + I>(kernels[I]), ...); }
    (std::index_sequence_for<T...>{});
  }
  [[nodiscard]] std::uint32_t cardinality(std::size_t output) const { return cardinality_of(kernels[output]); }

  template <class Self, class Ar, class Name>
  static constexpr void describe(Self& self, Ar& ar, Name&& name_of_output) {
    for (std::size_t i = 0; i < sizeof...(In); ++i) ar(name_of_output(i), self.kernels[i]);
  }
};

/// One kernel over several values.
template <class K, class Wiring>
struct joint_stage;
template <class K, std::size_t... In, std::size_t First, class T, class New>
struct joint_stage<K, wiring<slots<In...>, First, types<T>, New>> {
  using kernel_type = K;
  using wiring_type = wiring<slots<In...>, First, types<T>, New>;
  static constexpr std::size_t first_output = First, outputs = 1;
  [[nodiscard]] static constexpr std::array<std::size_t, sizeof...(In)> inputs_of(std::size_t) noexcept {
    return {In...};
  }

  K only{};

  template <class State>
  constexpr void run_row(State& state) const noexcept {
    state.template write<First>(call_kernel<reading_of_derived<K, typename State::template type<In>...>()>(
        only, state.template read<In>()...));
  }
  template <class State>
  void run_strip(State& state, std::size_t n) const noexcept {
    run_column<reading_of_derived<K, typename State::template type<In>...>()>(
        only, n, state.template writer<First>(), state.template reader<In>()...);
  }
  template <class F>
  constexpr void each_read(F& f) const {
    (f.template operator()<In, First>(only), ...);
  }
  [[nodiscard]] std::uint32_t cardinality(std::size_t) const { return cardinality_of(only); }

  template <class Self, class Ar, class Name>
  static constexpr void describe(Self& self, Ar& ar, Name&& name_of_output) {
    ar(name_of_output(0), self.only);
  }
};

/// Keeps some names from coming out.
template <class Hidden>
struct hiding_stage {
  using wiring_type = hiding<Hidden>;
  static constexpr std::size_t first_output = 0, outputs = 0;

  template <class State>
  constexpr void run_row(State&) const noexcept {}
  template <class State>
  void run_strip(State&, std::size_t) const noexcept {}
  template <class F>
  constexpr void each_read(F&) const {}
  template <class Self, class Ar, class Name>
  static constexpr void describe(Self&, Ar&, Name&&) {}
};

}  // namespace mlsd::detail
