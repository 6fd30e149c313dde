// Candidates and their rows, for what must not compile.
#include "mlsd/data/frame.hpp"
#include "mlsd/features.hpp"
#include "mlsd/rerank/mmr.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/serve/join.hpp"
#include "mlsd/serve/rank.hpp"
#include "mlsd/serve/ranking.hpp"

#include <array>

using namespace mlsd::literals;

struct item {
  std::string_view genre{};
  float price = 0;
};
inline constexpr mlsd::schema items{"genre"_f = &item::genre, "price"_f = &item::price};
struct offer {
  std::string_view genre{};
  float price = 0, age = 0;
  bool bought = false;
};
inline constexpr mlsd::schema offers{"genre"_f = &offer::genre, "price"_f = &offer::price, "age"_f = &offer::age,
                                     "bought"_f = mlsd::label(&offer::bought)};
/// A row without the user's age.
inline constexpr mlsd::schema ageless{"genre"_f = &offer::genre, "price"_f = &offer::price};

struct source {
  struct scratch {};
  std::span<mlsd::hit<>> search(int, std::span<mlsd::hit<>> out, scratch&) const noexcept { return out; }
};
inline constexpr std::array<item, 2> shelf{};
inline const auto item_of = [](int, const mlsd::hit<>& h) noexcept { return &shelf[h.id % 2]; };
inline const auto age = mlsd::fill("age"_f, [](int r) noexcept { return r; });
