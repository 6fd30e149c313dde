/// Histories of users as of a shop: what the benchmarks of recommenders share; the same bits on every machine.
#pragma once

#include "mlsd/core/random.hpp"
#include "mlsd/data/interactions.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace bench {

/// Items as of a long-tailed catalogue; a user takes mostly what his group takes.
[[nodiscard]] inline std::vector<mlsd::interaction> history_events(std::size_t users, std::size_t items,
                                                                   std::size_t each) {
  mlsd::random_stream draw(5);
  std::vector<mlsd::interaction> all;
  for (std::size_t u = 0; u < users; ++u)
    for (std::size_t k = 0; k < each; ++k) {
      const double x = draw.uniform();
      std::uint64_t item = static_cast<std::uint64_t>(x * x * x * static_cast<double>(items));
      if (draw.uniform() < 0.8) item = item / 16 * 16 + u % 16;
      all.push_back({static_cast<std::uint32_t>(u),
                     static_cast<std::uint32_t>(item % items),
                     static_cast<float>(1 + draw.uniform_int(5)),
                     {static_cast<std::int64_t>(k)}});
    }
  return all;
}
/// The same, made once for each shape.
[[nodiscard]] inline const mlsd::interactions& histories(std::size_t users, std::size_t items, std::size_t each) {
  static std::vector<std::pair<std::array<std::size_t, 3>, mlsd::interactions>> made;
  for (const auto& [shape, data] : made)
    if (shape == std::array{users, items, each}) return data;
  made.reserve(16);
  made.push_back(
      {{users, items, each}, mlsd::interactions::make(history_events(users, items, each), users, items).value()});
  return made.back().second;
}

}  // namespace bench
