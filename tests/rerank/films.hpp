// Candidates of a small catalogue, for the tests of re-ranking.
#pragma once

#include "mlsd/core/candidate.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/data/schema.hpp"
#include "mlsd/rerank/rule.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace test_rerank {
using namespace mlsd::literals;

struct film {
  std::uint32_t genre = 0;
  std::optional<std::uint32_t> series{};
  std::string studio{};
  std::array<std::uint8_t, 2> tags{};
  std::array<float, 20> embedding{};
  bool adult = false;
};
inline constexpr mlsd::schema films{"genre"_f = &film::genre,         "series"_f = &film::series,
                                    "studio"_f = &film::studio,       "tags"_f = &film::tags,
                                    "embedding"_f = &film::embedding, "adult"_f = &film::adult};
using candidate = mlsd::candidate<films>;

/// Films with ids 0 to n - 1 in the order of their scores, which have ties.
struct catalogue {
  std::vector<film> rows;
  std::vector<candidate> list;
  explicit catalogue(std::size_t n, std::uint64_t seed = 1) : rows(n) {
    mlsd::random_stream random(seed);
    for (std::size_t i = 0; i < n; ++i) {
      film& f = rows[i];
      f.genre = static_cast<std::uint32_t>(random.uniform_int(4));
      if (random.uniform_int(2) == 0) f.series = static_cast<std::uint32_t>(random.uniform_int(5));
      f.studio = std::array<const char*, 3>{"", "north", "south"}[random.uniform_int(3)];
      f.tags = {static_cast<std::uint8_t>(random.uniform_int(3)), static_cast<std::uint8_t>(3 + random.uniform_int(3))};
      for (float& x : f.embedding) x = static_cast<float>(random.uniform_int(7)) - 3;
      f.adult = random.uniform_int(5) == 0;
      list.push_back({static_cast<std::uint32_t>(i), 1.0 - static_cast<double>(i / 2) / static_cast<double>(n), 1, &f});
    }
  }
  /// The ids that a rule leaves.
  template <class Rule> [[nodiscard]] std::vector<std::uint32_t> after(const Rule& rule) const {
    std::vector<candidate> copy = list;
    mlsd::arena scratch(mlsd::scratch_bytes<candidate>(rule, copy.size()));
    std::vector<std::uint32_t> ids;
    for (const candidate& c : rule(std::span<candidate>(copy), scratch)) ids.push_back(c.id);
    return ids;
  }
};

}  // namespace test_rerank
