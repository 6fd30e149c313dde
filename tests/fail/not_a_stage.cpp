// expect: not_a_stage<.*bounds
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

struct bounds {
  float lower, upper;
};
#ifdef MLSD_FIXED
auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 9});
#else
auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(bounds{0, 9});
#endif
