#pragma once

#include <cstddef>

namespace mlsd::detail {

/// The class that a label stands for, a whole number below `classes`; `classes` if it is none.
[[nodiscard]] inline std::size_t class_of_label(double label, std::size_t classes) noexcept {
  if (!(label >= 0 && label < static_cast<double>(classes))) return classes;
  const auto k = static_cast<std::size_t>(label);
  return static_cast<double>(k) == label ? k : classes;
}

}  // namespace mlsd::detail
