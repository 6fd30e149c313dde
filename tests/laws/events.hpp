// One pipeline with every transform of the library, and its table.
#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/features.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace test_laws {

using namespace mlsd::literals;

struct event {
  float age = 0;
  double price = 0;
  std::optional<int> rooms{};
  std::string_view site{};
  std::uint32_t user = 0;
  std::array<float, 2> past{};
  mlsd::timestamp time{};
  float importance = 1;
  bool clicked = false;
};
inline constexpr mlsd::schema events{"age"_f = &event::age,
                                     "price"_f = &event::price,
                                     "rooms"_f = &event::rooms,
                                     "site"_f = &event::site,
                                     "user"_f = &event::user,
                                     "past"_f = &event::past,
                                     "time"_f = &event::time,
                                     "importance"_f = mlsd::weight(&event::importance),
                                     "clicked"_f = mlsd::label(&event::clicked)};

/// Made of integers and quotients by powers of two, so that no flag of a compiler changes it.
inline mlsd::frame<events> some_events(std::size_t n, std::uint32_t seed = 1) {
  constexpr std::string_view sites[] = {"news", "games", "", "music", "a rather long name of a site"};
  constexpr float inf = (std::numeric_limits<float>::infinity)(), nan = (std::numeric_limits<float>::quiet_NaN)();
  std::uint32_t state = seed;
  const auto draw = [&state](std::uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  mlsd::frame<events> table;
  table.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    event e;
    const std::uint32_t odd = draw(40);
    e.age = odd == 0 ? nan : odd == 1 ? inf : odd == 2 ? -0.0f : static_cast<float>(draw(4000)) / 64;
    e.price = static_cast<double>(draw(100'000)) / 128 - 3;
    if (draw(5) != 0) e.rooms = static_cast<int>(draw(6));
    e.site = sites[draw(5)];
    e.user = 4'000'000'000u + draw(200);
    e.past = {static_cast<float>(draw(30)), static_cast<float>(draw(9))};
    e.time.ms = static_cast<std::int64_t>(i) * 977'123 - 50'000'000;
    e.importance = static_cast<float>(1 + draw(4)) / 2;
    e.clicked = draw(e.site == "games" ? 3 : 8) == 0;
    table.push_back(e);
  }
  return table;
}

struct part_of_price {
  float operator()(double price, std::optional<int> rooms) const noexcept {
    return static_cast<float>(price / (1.0 + (rooms ? *rooms : 3)));
  }
};

/// Every transform of the library.
inline auto every_transform() {
  using namespace mlsd;
  return from<events>() | on("age"_f)(impute{impute::median} >> clip{-1, 60} >> log_plus_one{} >> standardize{}) |
         on("price"_f)(standardize{}) | on("rooms"_f)(is_missing{}).as("no_rooms"_f) | on("past"_f)(log_plus_one{}) |
         on("site"_f)(ordinal{.min_count = 2}) | on("user"_f)(target_encode{.smoothing = 8}).as("user_rate"_f) |
         on("user_rate"_f)(standardize{}) | cross<8>("site_user"_f, "site"_f, "user"_f) |
         on("user"_f)(hashed<6>{}).as("user_code"_f) | on("time"_f)(hour_of_day{}).as("hour"_f) |
         derive("room_price"_f, part_of_price{}, "price"_f, "rooms"_f) | on("age"_f)(as_number{}).as("age_again"_f) |
         drop("age_again"_f);
}
using features_type = decltype(every_transform())::pipeline_type;

/// The bits of all values, in order.
inline std::uint64_t bits_of(const mlsd::feature_matrix& x) {
  std::uint64_t h = x.rows();
  for (std::size_t j = 0; j < x.number_columns(); ++j)
    for (const float v : x.number(j)) h = mlsd::combine(h, v != v ? 1u : std::bit_cast<std::uint32_t>(v));
  for (std::size_t j = 0; j < x.code_columns(); ++j)
    for (const std::uint32_t v : x.code(j)) h = mlsd::combine(h, v);
  return h;
}

}  // namespace test_laws
