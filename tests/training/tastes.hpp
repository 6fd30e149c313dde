// Users with tastes: items and users are in groups, and users mostly take items of their own, popular ones more often.
#pragma once

#include "mlsd/core/random.hpp"
#include "mlsd/data/interactions.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd_test {

inline mlsd::interactions tastes(std::size_t users, std::size_t items, std::uint64_t seed, std::size_t each = 12) {
  constexpr std::uint64_t groups = 5;
  mlsd::random_stream draw(seed);
  std::vector<mlsd::interaction> all;
  for (std::size_t u = 0; u < users; ++u)
    for (std::size_t k = 0; k < each; ++k) {
      const double x = draw.uniform();
      std::uint64_t item = static_cast<std::uint64_t>(x * x * static_cast<double>(items));
      if (draw.uniform() < 0.85) item = item / groups * groups + u % groups;
      all.push_back({static_cast<std::uint32_t>(u),
                     static_cast<std::uint32_t>(item % items),
                     static_cast<float>(1 + draw.uniform_int(3)),
                     {static_cast<std::int64_t>(k)}});
    }
  return mlsd::interactions::make(all, users, items).value();
}

/// How often what was held out is among the first ten that `search(user, history)` returns.
template <class Search> double hit_rate(const mlsd::held_out_interactions& parts, Search&& search) {
  std::size_t found = 0;
  for (const mlsd::interaction& held : parts.test)
    for (const auto& h : search(held.user, parts.train.by_user()[held.user])) found += h.id == held.item;
  return static_cast<double>(found) / static_cast<double>(parts.test.size());
}

}  // namespace mlsd_test
