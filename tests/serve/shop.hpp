// A small shop: sources, tables and a joined row, for the tests of serving.
#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/data/schema.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/rerank/take.hpp"
#include "mlsd/serve/in_time.hpp"
#include "mlsd/serve/join.hpp"
#include "mlsd/serve/rank.hpp"
#include "mlsd/serve/ranking.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace test_serve {
using namespace mlsd::literals;

struct request {
  std::uint32_t user = 0;
  float hour = 0;
};
struct item {
  std::string_view genre{};
  float price = 0;
};
inline constexpr mlsd::schema items{"genre"_f = &item::genre, "price"_f = &item::price};
struct user {
  float age = 0;
};
inline constexpr mlsd::schema users{"age"_f = &user::age};
inline constexpr mlsd::schema requests{"hour"_f = &request::hour};

/// What a ranker reads.
struct offer {
  std::string_view genre{};
  float price = 0, age = -1, hour = 0, affinity = 0;
  bool bought = false;
};
inline constexpr mlsd::schema offers{"genre"_f = &offer::genre,       "price"_f = &offer::price,
                                     "age"_f = &offer::age,           "hour"_f = &offer::hour,
                                     "affinity"_f = &offer::affinity, "bought"_f = mlsd::label(&offer::bought)};
using candidate = mlsd::candidate<offers>;

inline constexpr std::array<item, 6> shelf{{{"tea", 3}, {"tea", 5}, {"jam", 2}, {"jam", 9}, {"pot", 30}, {"tea", 1}}};
inline constexpr std::array<user, 2> people{{{31}, {64}}};

/// Items 0 to n - 1, the first the best; the user moves nothing.
struct first_items {
  struct scratch {
    int searches = 0;
  };
  std::uint32_t n = 6;
  std::span<mlsd::hit<>> search(const request&, std::span<mlsd::hit<>> out, scratch& s) const noexcept {
    ++s.searches;
    const std::size_t found = (std::min)(out.size(), std::size_t{n});
    for (std::size_t i = 0; i < found; ++i)
      out[i] = {static_cast<std::uint32_t>(i), 1.0f / static_cast<float>(i + 1), 1};
    return out.first(found);
  }
};

inline auto find_item() {
  return [](const request&, const mlsd::hit<>& h) noexcept { return h.id < shelf.size() ? &shelf[h.id] : nullptr; };
}
inline auto find_user() {
  return [](const request& r) noexcept { return r.user < people.size() ? &people[r.user] : nullptr; };
}
inline auto join_offers() {
  return mlsd::join<offers>(mlsd::fields<items>(find_item()), mlsd::fields<users>(find_user()),
                            mlsd::fill("hour"_f, [](const request& r) noexcept { return r.hour; }),
                            mlsd::fill("affinity"_f, [](const request&, const mlsd::hit<>& h, const offer& o) noexcept {
                              return o.price * static_cast<float>(h.id);
                            }));
}
inline auto by_price() {
  return [](const offer& o) noexcept { return o.price; };
}

/// A clock that moves by hand.
struct hand_clock {
  static inline std::int64_t time = 0;
  static std::int64_t now() noexcept { return time; }
};
/// A model that takes so many nanoseconds of that clock for each row.
struct slow_model {
  std::int64_t nanoseconds = 0;
  double operator()(const offer& o) const noexcept {
    hand_clock::time += nanoseconds;
    return static_cast<double>(o.price);
  }
};

template <class Page> std::vector<std::uint32_t> ids_of(const Page& page) {
  std::vector<std::uint32_t> ids;
  for (const auto& c : page) ids.push_back(c.id);
  return ids;
}

}  // namespace test_serve
