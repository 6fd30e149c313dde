// expect: feature_exists_already<.*"user"
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
auto spec = mlsd::from<visits>() | mlsd::cross<9>("user_city"_f, "user"_f, "city"_f);
#else
auto spec = mlsd::from<visits>() | mlsd::cross<9>("user"_f, "user"_f, "city"_f);
#endif
