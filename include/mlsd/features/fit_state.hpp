#pragma once

#include "mlsd/data/examples.hpp"
#include "mlsd/features/stage.hpp"

#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace mlsd::detail {

/// The columns and stages of a fit. Pointers, not types: what depends on the whole pipeline's type is compiled once a
/// stage, and that is most of what a fit costs the compiler.
struct fit_state {
  std::size_t rows = 0, inputs = 0;
  labelled_matrix outcome{};
  std::vector<const void*> table{};             ///< the table's column objects
  std::vector<std::vector<std::byte>> written;  ///< by slot - inputs
  std::vector<void*> stages{};
  std::vector<std::string_view> names{};  ///< by slot

  template <class T>
  [[nodiscard]] column_reader<T> reader(std::size_t slot) const noexcept {
    if (slot < inputs) return read_from<T>(*static_cast<const typename column_of<T>::type*>(table[slot]), 0);
    if constexpr (requires { column_reader<T>{static_cast<const T*>(nullptr)}; })
      return {reinterpret_cast<const T*>(written[slot - inputs].data())};
    else
      std::abort();  // texts and bools are never written by stages
  }
  /// A new column, to be filled.
  template <class T>
  [[nodiscard]] T* writer(std::size_t slot) {
    written[slot - inputs].resize(rows * sizeof(T));
    return reinterpret_cast<T*>(written[slot - inputs].data());
  }
};

}  // namespace mlsd::detail
