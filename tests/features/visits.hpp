// The table of the tests of this folder: every kind of field that a schema knows.
#pragma once

#include "mlsd/core/time.hpp"
#include "mlsd/data/frame.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace test_features {

using namespace mlsd::literals;

inline constexpr float nan = (std::numeric_limits<float>::quiet_NaN)();

struct visit {
  float age = 0;
  double paid = 0;
  std::optional<int> children{};
  std::string_view city{};
  std::uint32_t user = 0;
  std::array<float, 2> past{};
  mlsd::timestamp time{};
  float importance = 1;
  bool bought = false;
};

inline constexpr mlsd::schema visits{"age"_f = &visit::age,
                                     "paid"_f = &visit::paid,
                                     "children"_f = &visit::children,
                                     "city"_f = &visit::city,
                                     "user"_f = &visit::user,
                                     "past"_f = mlsd::computed(&visit::past),
                                     "time"_f = &visit::time,
                                     "importance"_f = mlsd::weight(&visit::importance),
                                     "bought"_f = mlsd::label(&visit::bought)};

/// Repeatable, and made of integers, so that no flag of a compiler changes it.
inline mlsd::frame<visits> some_visits(std::size_t n, std::uint32_t seed = 1) {
  constexpr std::string_view cities[] = {"Rome", "Oslo", "Lima", "", "Kyiv"};
  std::uint32_t state = seed;
  const auto draw = [&state](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  mlsd::frame<visits> table;
  for (std::size_t i = 0; i < n; ++i) {
    visit v;
    v.age = draw(10) == 0 ? nan : static_cast<float>(draw(80));
    v.paid = static_cast<double>(draw(4000)) / 16;
    if (draw(4) != 0) v.children = static_cast<int>(draw(4));
    v.city = cities[draw(5)];
    v.user = 16'777'216 + draw(40);
    v.past = {static_cast<float>(draw(9)), static_cast<float>(draw(100))};
    v.time.ms = static_cast<std::int64_t>(i) * 977'000;
    v.bought = draw(v.city == "Rome" ? 2 : 5) == 0;
    table.push_back(v);
  }
  return table;
}

}  // namespace test_features
