// expect: nobody_joins<.*"bought"
#include "shop.hpp"

struct past {
  bool bought = false;
};
inline constexpr mlsd::schema pasts{"bought"_f = mlsd::label(&past::bought)};
struct seen {
  bool bought = false;
};
inline constexpr mlsd::schema rows{"bought"_f = &seen::bought};
inline constexpr past none{};
inline const auto past_of = [](int) noexcept { return &none; };

#ifdef MLSD_FIXED
auto ranking = mlsd::retrieve(source{}, 9) |
               mlsd::join<rows>(mlsd::fill("bought"_f, [](int) noexcept { return none.bought; }));
#else
auto ranking = mlsd::retrieve(source{}, 9) | mlsd::join<rows>(mlsd::fields<pasts>(past_of));
#endif
