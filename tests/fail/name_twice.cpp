// expect: feature_exists_already<.*"x"
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
auto spec = mlsd::from<visits>() | mlsd::on("age"_f, "paid"_f)(mlsd::clip{0, 9}).as("x"_f, "y"_f);
#else
auto spec = mlsd::from<visits>() | mlsd::on("age"_f, "paid"_f)(mlsd::clip{0, 9}).as("x"_f, "x"_f);
#endif
