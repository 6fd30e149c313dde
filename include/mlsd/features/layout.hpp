#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/data/feature_matrix.hpp"
#include "mlsd/features/wiring.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Where the values of a pipeline come out, and where they lie while it runs.
namespace mlsd::detail {

inline constexpr std::size_t nowhere = ~std::size_t{0};

/// Of one slot: its first column among the numbers or the codes, its width in numbers, and the bytes of a value.
/// Numbers that come out are written in place by the column driver.
struct slot_place {
  std::size_t number = nowhere, code = nowhere, width = 0, size = 0;
  int trend = 0;  ///< as `feature_info::monotone`
  [[nodiscard]] constexpr bool in_place() const noexcept { return number != nowhere && width == 1; }
};

/// A row is kept as it comes out: first the numbers, then the codes, then all else; `row` says where by slot.
template <std::size_t Slots> struct layout {
  std::array<slot_place, Slots> place{};
  std::array<std::uint32_t, Slots> row{};
  std::array<std::string_view, Slots> names{};
  std::array<bool, Slots> is_read{};
  std::size_t inputs = 0, numbers = 0, codes = 0;
  std::size_t row_bytes = 0, row_alignment = alignof(std::uint64_t);
};

/// The newest slot of each name that a stage wrote comes out, in the order of the slots, unless it is hidden.
template <std::size_t Slots>
[[nodiscard]] consteval layout<Slots> lay_out(const environment_node& last, std::size_t inputs) {
  layout<Slots> out;
  out.inputs = inputs;
  std::array<const slot_shape*, Slots> shape{};
  std::array<std::size_t, Slots> root{}, newest{};
  std::array<bool, Slots> hidden{};
  std::array<int, Slots> trend{};  // of a name, kept at its first slot
  for (const environment_node* e = &last; e != nullptr; e = e->before) {
    for (std::size_t i = 0; i < e->count; ++i) {
      const std::size_t k = e->first + i;
      shape[k] = e->shapes + i;
      root[k] = e->roots == nullptr ? k : e->roots[i];
      if (e->names != nullptr) out.names[k] = e->names[i];
    }
    for (std::size_t i = 0; i < e->in_count; ++i) out.is_read[e->in[i]] = true;
    for (std::size_t i = 0; i < e->hidden_count; ++i) hidden[e->hidden[i]] = true;
  }
  for (std::size_t k = 0; k < Slots; ++k) {
    out.names[k] = out.names[root[k]];
    out.place[k].size = shape[k]->size;
    newest[root[k]] = k;
  }
  for (const environment_node* e = &last; e != nullptr; e = e->before)
    for (std::size_t i = 0; i < e->trending_count; ++i)
      if (int& of = trend[root[e->trending[i]]]; of == 0) of = e->trend;
  for (std::size_t k = inputs; k < Slots; ++k) {
    slot_place& p = out.place[k];
    p.width = shape[k]->numbers;
    if (hidden[k] || newest[root[k]] != k) continue;
    if (shape[k]->is_code) p.code = out.codes++;
    if (p.width == 0) continue;
    p.number = out.numbers;
    p.trend = trend[root[k]];
    out.numbers += p.width;
  }
  const auto aligned = [](std::size_t at, std::size_t step) { return (at + step - 1) / step * step; };
  out.row_bytes = sizeof(float) * (out.numbers + out.codes);
  for (std::size_t k = 0; k < Slots; ++k) {
    slot_place& p = out.place[k];
    if (p.number != nowhere) {
      out.row[k] = static_cast<std::uint32_t>(sizeof(float) * p.number);
    } else if (p.code != nowhere) {
      out.row[k] = static_cast<std::uint32_t>(sizeof(float) * (out.numbers + p.code));
    } else if (k >= inputs || out.is_read[k]) {
      out.row_alignment = (std::max)(out.row_alignment, shape[k]->alignment);
      out.row_bytes = aligned(out.row_bytes, shape[k]->alignment);
      out.row[k] = static_cast<std::uint32_t>(out.row_bytes);
      out.row_bytes += shape[k]->size;
    }
  }
  return out;
}

/// Memory for what `rows` rows do not write in place.
[[nodiscard]] inline std::size_t scratch_bytes(std::span<const slot_place> written, std::size_t rows) noexcept {
  std::size_t bytes = 0;
  for (const slot_place& p : written) bytes += p.in_place() ? 0 : (p.size * rows + 63) / 64 * 64;
  return bytes;
}
/// Where each slot is written, for `rows` rows that go to `out` from `out_row` on: in place, or in `scratch`.
inline void place_rows(std::span<const slot_place> written, std::size_t rows, std::byte* scratch, feature_matrix& out,
                       std::size_t out_row, std::byte** to) noexcept {
  for (const slot_place& p : written) {
    if (p.in_place()) {
      *to++ = reinterpret_cast<std::byte*>(out.number(p.number).data() + out_row);
    } else {
      *to++ = scratch;
      scratch += (p.size * rows + 63) / 64 * 64;
    }
  }
}

/// Copies n values of each slot that comes out to its columns, from row `out_row` on, unless they are there already.
template <class = void>
void emit_columns(std::span<const slot_place> written, std::byte* const* from, std::size_t n, feature_matrix& out,
                  std::size_t out_row) {
  for (std::size_t k = 0; k < written.size(); ++k) {
    const slot_place& p = written[k];
    if (p.code != nowhere) {
      const auto* codes = reinterpret_cast<const code*>(from[k]);
      const auto to = out.code(p.code).subspan(out_row, n);
      for (std::size_t i = 0; i < n; ++i) to[i] = codes[i].value;
    }
    if (p.number == nowhere) continue;
    const auto* numbers = reinterpret_cast<const float*>(from[k]);
    for (std::size_t j = 0; j < p.width; ++j) {
      const auto to = out.number(p.number + j).subspan(out_row, n);
      if (to.data() == numbers) continue;
      for (std::size_t i = 0; i < n; ++i) to[i] = numbers[i * p.width + j];
    }
  }
}

/// What comes out: numbers first, then codes. A block of numbers is "name[0]", "name[1]", ...
template <class = void>
[[nodiscard]] std::vector<feature_info> describe_columns(std::span<const slot_place> written,
                                                         const std::string_view* names,
                                                         const std::uint32_t* cardinalities, std::size_t numbers,
                                                         std::size_t codes) {
  std::vector<feature_info> out(numbers + codes);
  for (std::size_t k = 0; k < written.size(); ++k) {
    const slot_place& p = written[k];
    if (p.code != nowhere) {
      out[numbers + p.code].name = names[k];
      out[numbers + p.code].cardinality = (std::max)(std::uint32_t{1}, cardinalities[k]);
    }
    for (std::size_t j = 0; p.number != nowhere && j < p.width; ++j) {
      std::string& name = out[p.number + j].name;
      name = names[k];
      out[p.number + j].monotone = static_cast<std::int8_t>(p.trend);
      if (p.width > 1) name.append("[").append(std::to_string(j)).append("]");
    }
  }
  return out;
}

/// What a kernel is called in files: the number of its stage, the name it writes, and what it reads under others:
/// "0:age", "2:rate=ad", "3:pair=ad,site".
template <class = void>
[[nodiscard]] std::string stage_key(std::size_t stage, const std::string_view* names, std::size_t written,
                                    std::span<const std::size_t> reads) {
  std::string key = std::to_string(stage);
  key.append(":").append(names[written]);
  for (std::size_t i = 0; i < reads.size(); ++i)
    if (reads.size() > 1 || names[reads[i]] != names[written]) key.append(i == 0 ? "=" : ",").append(names[reads[i]]);
  return key;
}

}  // namespace mlsd::detail
