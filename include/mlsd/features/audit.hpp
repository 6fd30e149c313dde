#pragma once

#include "mlsd/features/pipeline.hpp"

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

/// How often a stage met values that its policies are for.
struct audit_line {
  std::string read{}, written{};  ///< the field, and the feature that is made of it
  std::uint64_t rows = 0;         ///< rows looked at
  std::uint64_t missing = 0;      ///< NaN, empty optional, empty text
  std::uint64_t unseen = 0;       ///< categories that the training rows did not have
};

/// Counts, for every field of the table that a stage reads, its missing values and the categories that the stage does
/// not know. The counters live here, not in the pipeline, whose const calls stay free of side effects.
/// O(rows * stages).
template <const auto& Schema, class... Stages>
[[nodiscard]] std::vector<audit_line> audit(const pipeline<Schema, Stages...>& features, const frame<Schema>& table) {
  using environment = typename pipeline<Schema, Stages...>::environment;
  std::vector<audit_line> out;
  features.each_read([&]<std::size_t In, std::size_t Out>(const auto& kernel) {
    if constexpr (In < schema_of<Schema>::size) {
      audit_line line{std::string(detail::slot_name<environment, In>::view()),
                      std::string(detail::slot_name<environment, Out>::view()), table.size(), 0, 0};
      for (std::size_t i = 0; i < table.size(); ++i) {
        const auto value = detail::as_kernel_value<true>(table.template value<In>(i));
        using V = std::remove_const_t<decltype(value)>;
        if constexpr (std::is_same_v<V, category>) {
          line.missing += value.is_missing();
          if constexpr (requires { kernel.knows(value); }) line.unseen += !value.is_missing() && !kernel.knows(value);
        } else if constexpr (std::is_same_v<V, float>) {
          line.missing += value != value;
        }
      }
      out.push_back(std::move(line));
    }
  });
  return out;
}

}  // namespace mlsd
