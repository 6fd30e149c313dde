#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/ranked_trees.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#if defined(__x86_64__)

namespace mlsd::detail {

using bytes_32 [[gnu::vector_size(32)]] = signed char;
using bytes_64 [[gnu::vector_size(64)]] = signed char;
using floats_8 [[gnu::vector_size(32)]] = float;
using floats_16 [[gnu::vector_size(64)]] = float;
using ints_8 [[gnu::vector_size(32)]] = int;
using ints_16 [[gnu::vector_size(64)]] = int;
using doubles_8 [[gnu::vector_size(64)]] = double;
using indexes_8 [[gnu::vector_size(64)]] = long long;

/// What a block of rows needs while it is scored, in the nearest cache: keys of its cells, and the leaf under every
/// slot of a tree. All [slot, rows of the block].
struct ranked_block {
  static constexpr std::size_t most_rows = 256, slot_bytes = ranked_trees<>::most_slots * 64, most_sums = 2048;
  alignas(64) float x[most_rows];
  alignas(64) signed char rank[most_rows], present[most_rows];
  alignas(64) signed char bytes[slot_bytes];
  alignas(64) double sums[most_sums];

  /// Rows to a block: as many as there is room for, 256 or 64.
  [[nodiscard]] static std::size_t rows_for(const ranked_trees<>& trees, std::size_t outputs) noexcept {
    const bool fits = trees.slots() * most_rows <= slot_bytes && outputs * most_rows <= most_sums;
    return fits ? most_rows : 64;
  }
};
static_assert(ranked_trees<>::most_outputs * 64 <= ranked_block::most_sums);

/// The steps of a block for `Rows` rows at a time in vectors of `Bytes`; `Isa` has what the instruction sets do
/// differently. Always inlined into a function of that set.
template <class Isa, std::size_t Rows> struct ranked_steps {
  using bytes = typename Isa::bytes;
  static constexpr std::size_t vectors = Rows / sizeof(bytes);

  /// The leaf under every split, children first: that of the right child where the rank is above the threshold.
  [[gnu::always_inline]] static void walk(std::span<const ranked_trees<>::split> splits, const signed char* keys,
                                          signed char* slots, signed char* to) noexcept {
    for (const ranked_trees<>::split& s : splits) {
      const signed char *const key = keys + s.key * Rows, *const left = slots + s.left * Rows,
                               *const right = slots + s.right * Rows;
      const bytes threshold = bytes{} + s.threshold;
#pragma GCC unroll 8
      for (std::size_t v = 0; v < vectors; ++v) {
        bytes x, a, b;
        std::memcpy(&x, key + v * sizeof x, sizeof x);
        std::memcpy(&a, left + v * sizeof x, sizeof x);
        std::memcpy(&b, right + v * sizeof x, sizeof x);
        const bytes leaf = x > threshold ? b : a;
        std::memcpy(to + v * sizeof x, &leaf, sizeof x);
      }
      to += Rows;
    }
  }

  /// The number of the leaf in a symmetric tree: one bit a level.
  [[gnu::always_inline]] static void walk_levels(std::span<const ranked_trees<>::split> levels, const signed char* keys,
                                                 signed char* to) noexcept {
    for (std::size_t v = 0; v < Rows; v += sizeof(bytes)) {
      bytes leaf{};
      for (const ranked_trees<>::split& s : levels) {
        bytes x;
        std::memcpy(&x, keys + s.key * Rows + v, sizeof x);
        const auto bit = static_cast<signed char>(s.right);
        leaf |= (x > bytes{} + s.threshold) & (bytes{} + bit);
      }
      std::memcpy(to + v, &leaf, sizeof leaf);
    }
  }

  /// The keys of all cells: ranks, and the least or the greatest byte for what is missing.
  [[gnu::always_inline]] static void load(const ranked_trees<>& trees, const mixed_columns& x, std::size_t first,
                                          std::size_t rows, ranked_block& block) noexcept {
    std::size_t loaded = trees.columns.size();
    float zero = -1;
    std::fill(block.x + rows, block.x + Rows, 0.0f);
    for (std::size_t i = 0; i < trees.cells.size(); ++i) {
      const ranked_trees<>::cell& cell = trees.cells[trees.by_column[i]];
      if (cell.column != loaded) {
        loaded = cell.column;
        const ranked_trees<>::column& column = trees.columns[loaded];
        std::memcpy(block.x, x.numbers + column.source * x.stride + first, rows * sizeof(float));
        Isa::rank(trees.cuts.data() + column.first_cut, column.cuts, block.x, Rows, block.rank);
        Isa::present(zero = -1, block.x, Rows, block.present);
      }
      if (cell.zero_is_missing != (zero > 0))
        Isa::present(zero = cell.zero_is_missing ? gbdt_zero : -1, block.x, Rows, block.present);
      signed char* const to = block.bytes + trees.by_column[i] * Rows;
      const signed char extreme = cell.nan_left ? -128 : 127;
      const bytes missing = bytes{} + extreme;
      for (std::size_t j = 0; j < Rows; j += sizeof(bytes)) {
        bytes rank, present;
        std::memcpy(&rank, block.rank + j, sizeof rank);
        std::memcpy(&present, block.present + j, sizeof rank);
        const bytes key = (rank & present) | (missing & ~present);
        std::memcpy(to + j, &key, sizeof key);
      }
    }
  }

  /// The three bytes of each class.
  [[gnu::always_inline]] static void load_categories(const ranked_trees<>& trees, const tree_cells<>& cells,
                                                     const mixed_columns& x, std::size_t first, std::size_t rows,
                                                     ranked_block& block) noexcept {
    for (std::size_t c = 0; c < trees.category_cells; ++c) {
      signed char* const to = block.bytes + trees.category_slot(c) * Rows;
      for (std::size_t i = 0; i < 3; ++i)
        std::fill(to + i * Rows + rows, to + (i + 1) * Rows, static_cast<signed char>(0));
      cells.load_classes(cells.numbers() + c, x, first, rows, [&](std::size_t i, std::uint32_t its_class) {
        const std::uint32_t high = 1u << (its_class / 16);
        to[i] = static_cast<signed char>(its_class % 16);
        to[Rows + i] = static_cast<signed char>(high & 0xFFu);
        to[2 * Rows + i] = static_cast<signed char>(high >> 8);
      });
    }
  }
  /// Rows [first, first + rows) of at most `Rows`; `out` [rows, outputs] has the sums so far.
  [[gnu::always_inline]] static void score(const ranked_trees<>& trees, const tree_cells<>& cells,
                                           const mixed_columns& x, std::size_t first, std::size_t rows,
                                           std::span<double> out, ranked_block& block) noexcept {
    const std::size_t outputs = out.size() / rows;
    load(trees, x, first, rows, block);
    load_categories(trees, cells, x, first, rows, block);
    for (std::size_t k = 0; k < outputs; ++k)
      for (std::size_t j = 0; j < Rows; ++j) block.sums[k * Rows + j] = j < rows ? out[j * outputs + k] : 0.0;
    signed char* const decisions = block.bytes + trees.key_slots * Rows;
    signed char* const slots = decisions + trees.list_slots * Rows;
    for (std::size_t l = 0; l < trees.leaf_slots; ++l) std::memset(slots + l * Rows, static_cast<int>(l), Rows);
    signed char* const results = slots + trees.leaf_slots * Rows;
    for (const ranked_trees<>::tree& t : trees.trees) {
      for (std::size_t l = 0; l < t.lists; ++l)
        Isa::template decide<Rows>(trees.lists[t.first_list + l], block.bytes, decisions + l * Rows);
      const auto splits = std::span(trees.splits).subspan(t.first_split, t.splits);
      const signed char* leaf = slots;
      if (t.symmetric) {
        walk_levels(splits, block.bytes, results);
        leaf = results;
      } else if (t.splits != 0) {
        walk(splits, block.bytes, slots, results);
        leaf = results + (t.splits - 1) * Rows;
      }
      for (std::size_t k = 0; k < trees.leaf_width; ++k)
        Isa::template add<Rows>(trees.float_sums, trees.value.data() + t.first_value + k * t.leaves, t.leaves, leaf,
                                block.sums + (t.output + k) * Rows);
    }
    for (std::size_t k = 0; k < outputs; ++k)
      for (std::size_t j = 0; j < rows; ++j) out[j * outputs + k] = block.sums[k * Rows + j];
  }
};

/// Adds the values of leaves one by one.
template <std::size_t Rows>
void add_leaves(bool float_sums, const double* value, const signed char* leaf, double* sums) noexcept {
  if (float_sums) {
    for (std::size_t j = 0; j < Rows; ++j)
      sums[j] = static_cast<double>(static_cast<float>(sums[j] + value[static_cast<unsigned char>(leaf[j])]));
  } else {
    for (std::size_t j = 0; j < Rows; ++j) sums[j] += value[static_cast<unsigned char>(leaf[j])];
  }
}

struct ranked_avx2 {
  using bytes = bytes_32;
  /// 16 pivots, then the 16 cuts behind one of them; few cuts are compared one by one with 32 numbers at a time. What
  /// is NaN is below nothing. `n` is a multiple of 32.
  [[gnu::target("avx2,popcnt")]] static void rank(const float* cuts, std::size_t count, const float* x, std::size_t n,
                                                  signed char* out) noexcept {
    if (count <= few_cuts) {
      for (std::size_t j = 0; j < n; j += 32) {
        floats_8 v[4];
        std::memcpy(v, x + j, sizeof v);
        ints_8 below[4];
        for (ints_8& b : below) b = ints_8{} - 128;
        for (std::size_t c = 0; c < count; ++c) {
          const floats_8 cut = floats_8{} + cuts[c];
#pragma GCC unroll 4
          for (std::size_t i = 0; i < 4; ++i) below[i] -= cut < v[i];
        }
        narrow(below, out + j);
      }
      return;
    }
    floats_8 low, high;
    for (int i = 0; i < 8; ++i) low[i] = cuts[16 * i + 15], high[i] = cuts[16 * i + 143];
    for (std::size_t j = 0; j < n; ++j) {
      const floats_8 v = floats_8{} + x[j];
      const int group = count_below(low, v) + count_below(high, v);
      floats_8 first, last;
      std::memcpy(&first, cuts + 16 * group, sizeof first);
      std::memcpy(&last, cuts + 16 * group + 8, sizeof last);
      out[j] = static_cast<signed char>(16 * group + count_below(first, v) + count_below(last, v) - 128);
    }
  }
  /// All bits are set for numbers that are not missing: no NaN, and farther from 0 than `zero`.
  [[gnu::target("avx2,popcnt")]] static void present(float zero, const float* x, std::size_t n,
                                                     signed char* out) noexcept {
    for (std::size_t j = 0; j < n; j += 32) {
      floats_8 v[4];
      std::memcpy(v, x + j, sizeof v);
      ints_8 has[4];
#pragma GCC unroll 4
      for (std::size_t i = 0; i < 4; ++i) has[i] = (v[i] > zero) | (-v[i] > zero);
      narrow(has, out + j);
    }
  }
  /// What a split by categories decides, as keys: 0 for the right, -1 for the left.
  template <std::size_t Rows>
  [[gnu::target("avx2,popcnt")]] static void decide(const ranked_trees<>::list& l, const signed char* keys,
                                                    signed char* to) noexcept {
    bytes low, high, at, a, b, in_low, in_high;
    asm("vbroadcasti128 %1, %0" : "=x"(low) : "m"(l.right[0]));
    asm("vbroadcasti128 %1, %0" : "=x"(high) : "m"(l.right[1]));
    const signed char* const key = keys + l.key * Rows;
    for (std::size_t v = 0; v < Rows; v += sizeof(bytes)) {
      std::memcpy(&at, key + v, sizeof at);
      std::memcpy(&a, key + Rows + v, sizeof at);
      std::memcpy(&b, key + 2 * Rows + v, sizeof at);
      asm("vpshufb %2, %1, %0" : "=v"(in_low) : "v"(low), "v"(at));
      asm("vpshufb %2, %1, %0" : "=v"(in_high) : "v"(high), "v"(at));
      const bytes left = ((in_low & a) | (in_high & b)) == 0;
      std::memcpy(to + v, &left, sizeof left);
    }
  }
  template <std::size_t Rows>
  [[gnu::target("avx2,popcnt")]] static void add(bool float_sums, const double* value, std::size_t,
                                                 const signed char* leaf, double* sums) noexcept {
    add_leaves<Rows>(float_sums, value, leaf, sums);
  }
  template <std::size_t Rows>
  [[gnu::target("avx2,popcnt")]] static void score(const ranked_trees<>& trees, const tree_cells<>& cells,
                                                   const mixed_columns& x, std::size_t first, std::size_t rows,
                                                   std::span<double> out, ranked_block& block) noexcept {
    ranked_steps<ranked_avx2, Rows>::score(trees, cells, x, first, rows, out, block);
  }

 private:
  static constexpr std::size_t few_cuts = 48;

  /// 32 integers that fit into bytes, in order.
  [[gnu::target("avx2,popcnt"), gnu::always_inline]] static void narrow(const ints_8 (&from)[4],
                                                                        signed char* to) noexcept {
    const ints_8 order = {0, 4, 1, 5, 2, 6, 3, 7};
    ints_8 low, high, all;
    asm("vpackssdw %2, %1, %0" : "=x"(low) : "x"(from[0]), "x"(from[1]));
    asm("vpackssdw %2, %1, %0" : "=x"(high) : "x"(from[2]), "x"(from[3]));
    asm("vpacksswb %2, %1, %0" : "=x"(all) : "x"(low), "x"(high));
    asm("vpermd %1, %2, %0" : "=x"(all) : "x"(all), "x"(order));
    std::memcpy(to, &all, sizeof all);
  }
  [[gnu::target("avx2,popcnt"), gnu::always_inline]] static int count_below(const floats_8& cuts,
                                                                            const floats_8& x) noexcept {
    const auto below = cuts < x;
    floats_8 bits;
    std::memcpy(&bits, &below, sizeof bits);
    return __builtin_popcount(static_cast<unsigned>(__builtin_ia32_movmskps256(bits)));
  }
};

struct ranked_avx512 {
  using bytes = bytes_64;
  /// 16 pivots, then the 16 cuts behind one of them; few cuts are compared one by one with 16 numbers at a time. What
  /// is NaN is below nothing. `n` is a multiple of 16.
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")]] static void rank(const float* cuts, std::size_t count,
                                                                                const float* x, std::size_t n,
                                                                                signed char* out) noexcept {
    if (count <= few_cuts) {
      for (std::size_t j = 0; j < n; j += 16) {
        floats_16 v;
        std::memcpy(&v, x + j, sizeof v);
        ints_16 below = ints_16{} - 128;
        for (std::size_t c = 0; c < count; ++c) below = floats_16{} + cuts[c] < v ? below + 1 : below;
        narrow(below, out + j);
      }
      return;
    }
    floats_16 pivots;
    for (int i = 0; i < 16; ++i) pivots[i] = cuts[16 * i + 15];
    for (std::size_t j = 0; j < n; ++j) {
      const floats_16 v = floats_16{} + x[j];
      const int group = count_below(pivots, v);
      floats_16 rest;
      std::memcpy(&rest, cuts + 16 * group, sizeof rest);
      out[j] = static_cast<signed char>(16 * group + count_below(rest, v) - 128);
    }
  }
  /// All bits are set for numbers that are not missing: no NaN, and farther from 0 than `zero`.
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")]] static void present(float zero, const float* x,
                                                                                   std::size_t n,
                                                                                   signed char* out) noexcept {
    for (std::size_t j = 0; j < n; j += 16) {
      floats_16 v;
      std::memcpy(&v, x + j, sizeof v);
      narrow((v > zero) | (-v > zero), out + j);
    }
  }
  /// What a split by categories decides, as keys: 0 for the right, -1 for the left.
  template <std::size_t Rows>
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")]] static void decide(const ranked_trees<>::list& l,
                                                                                  const signed char* keys,
                                                                                  signed char* to) noexcept {
    bytes low, high, at, a, b, in_low, in_high;
    asm("vbroadcasti32x4 %1, %0" : "=v"(low) : "m"(l.right[0]));
    asm("vbroadcasti32x4 %1, %0" : "=v"(high) : "m"(l.right[1]));
    const signed char* const key = keys + l.key * Rows;
    for (std::size_t v = 0; v < Rows; v += sizeof(bytes)) {
      std::memcpy(&at, key + v, sizeof at);
      std::memcpy(&a, key + Rows + v, sizeof at);
      std::memcpy(&b, key + 2 * Rows + v, sizeof at);
      asm("vpshufb %2, %1, %0" : "=v"(in_low) : "v"(low), "v"(at));
      asm("vpshufb %2, %1, %0" : "=v"(in_high) : "v"(high), "v"(at));
      const bytes left = ((in_low & a) | (in_high & b)) == 0;
      std::memcpy(to + v, &left, sizeof left);
    }
  }
  template <std::size_t Rows>
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")]] static void add(bool float_sums, const double* value,
                                                                               std::size_t leaves,
                                                                               const signed char* leaf,
                                                                               double* sums) noexcept {
    if (leaves <= 16) return look_up<Rows, 1>(float_sums, value, leaf, sums);
    if (leaves <= 32) return look_up<Rows, 2>(float_sums, value, leaf, sums);
    if (leaves <= 64) return look_up<Rows, 4>(float_sums, value, leaf, sums);
    add_leaves<Rows>(float_sums, value, leaf, sums);
  }
  template <std::size_t Rows>
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")]] static void score(
      const ranked_trees<>& trees, const tree_cells<>& cells, const mixed_columns& x, std::size_t first,
      std::size_t rows, std::span<double> out, ranked_block& block) noexcept {
    ranked_steps<ranked_avx512, Rows>::score(trees, cells, x, first, rows, out, block);
  }

 private:
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"), gnu::always_inline]] static int count_below(
      const floats_16& cuts, const floats_16& x) noexcept {
    constexpr int less = 17, current_rounding = 4;  // ordered, quiet
    return __builtin_popcount(__builtin_ia32_cmpps512_mask(cuts, x, less, 0xFFFF, current_rounding));
  }
  static constexpr std::size_t few_cuts = 64;

  /// The low bytes of 16 integers.
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"), gnu::always_inline]] static void narrow(
      const ints_16& from, signed char* to) noexcept {
    asm("vpmovdb %1, %0" : "=m"(*reinterpret_cast<char(*)[16]>(to)) : "v"(from));
  }
  /// Of 16 doubles in two registers, those at the low four bits of `at`.
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"), gnu::always_inline]] static void choose(
      doubles_8& low, const indexes_8& at, const doubles_8& high) noexcept {
    asm("vpermt2pd %2, %1, %0" : "+v"(low) : "v"(at), "v"(high));
  }
  template <std::size_t Rows, std::size_t Tables>
  [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,popcnt"), gnu::always_inline]] static void look_up(
      bool float_sums, const double* value, const signed char* leaf, double* sums) noexcept {
    doubles_8 table[2 * Tables];
    std::memcpy(table, value, sizeof table);
    for (std::size_t j = 0; j < Rows; j += 8) {
      indexes_8 at;
      asm("vpmovzxbq %1, %0" : "=v"(at) : "m"(*reinterpret_cast<const char(*)[8]>(leaf + j)));
      doubles_8 found[Tables], sum;
#pragma GCC unroll 4
      for (std::size_t i = 0; i < Tables; ++i) {
        found[i] = table[2 * i];
        choose(found[i], at, table[2 * i + 1]);
      }
#pragma GCC unroll 2
      for (std::size_t half = 1; half < Tables; half *= 2)
#pragma GCC unroll 2
        for (std::size_t i = 0; i < Tables; i += 2 * half)
          found[i] = (at & static_cast<long long>(16 * half)) != 0 ? found[i + half] : found[i];
      std::memcpy(&sum, sums + j, sizeof sum);
      sum += found[0];
      if (float_sums) sum = __builtin_convertvector(__builtin_convertvector(sum, floats_8), doubles_8);
      std::memcpy(sums + j, &sum, sizeof sum);
    }
  }
};

/// All rows of a batch; `sums` [rows, outputs].
template <class Isa>
void ranked_batch(const ranked_trees<>& trees, const tree_cells<>& cells, const mixed_columns& x,
                  std::span<double> sums) noexcept {
  const std::size_t outputs = sums.size() / x.rows, most = ranked_block::rows_for(trees, outputs);
  ranked_block block;
  for (std::size_t first = 0; first < x.rows;) {
    std::size_t rows = (std::min)(most, x.rows - first);
    if (rows <= 128) rows = (std::min)(std::size_t{64}, rows);
    const std::span<double> out = sums.subspan(first * outputs, rows * outputs);
    if (rows > 128) {
      Isa::template score<256>(trees, cells, x, first, rows, out, block);
    } else {
      Isa::template score<64>(trees, cells, x, first, rows, out, block);
    }
    first += rows;
  }
}

}  // namespace mlsd::detail

#endif
