// expect: stage_needs_a_label<.*target_encode
#include "mlsd/features.hpp"

using namespace mlsd::literals;

struct visit {
  float age, paid;
  std::string_view city;
  std::uint32_t user;
  bool bought;
};
inline constexpr mlsd::schema visits{"age"_f = &visit::age, "paid"_f = &visit::paid, "city"_f = &visit::city,
                                     "user"_f = &visit::user, "bought"_f = mlsd::label(&visit::bought)};

#ifdef MLSD_FIXED
inline constexpr mlsd::schema places{"city"_f = &visit::city, "bought"_f = mlsd::label(&visit::bought)};
#else
inline constexpr mlsd::schema places{"city"_f = &visit::city};
#endif
auto spec = mlsd::from<places>() | mlsd::on("city"_f)(mlsd::target_encode{});
