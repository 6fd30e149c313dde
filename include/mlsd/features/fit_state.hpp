#pragma once

#include "mlsd/data/examples.hpp"
#include "mlsd/features/layout.hpp"
#include "mlsd/features/slots.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace mlsd::detail {

/// The columns and stages of a fit. Pointers, not types: what depends on the whole pipeline's type is compiled once a
/// stage, and that is most of what a fit costs the compiler.
struct fit_state {
  std::size_t rows = 0, inputs = 0;
  labelled_matrix outcome{};
  std::vector<const void*> table{};  ///< the table's column objects
  std::vector<std::vector<std::byte>> values{};
  std::vector<std::byte*> written{};  ///< by slot - inputs
  std::vector<void*> stages{};
  const std::string_view* names = nullptr;  ///< by slot

  /// Makes room for all that stages write, and for the stages.
  template <class = void> void allocate(std::span<const slot_place> places, std::span<void* const> to_fill) {
    for (const slot_place& p : places) values.emplace_back(p.size * rows);
    for (auto& v : values) written.push_back(v.data());
    stages.assign(to_fill.begin(), to_fill.end());
  }
  [[nodiscard]] column_slots columns() const noexcept { return {table.data(), written.data(), inputs, 0}; }
};

}  // namespace mlsd::detail
