// expect: field_named_twice<.*"age"
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
inline constexpr mlsd::schema twice{"age"_f = &visit::age, "paid"_f = &visit::paid};
#else
inline constexpr mlsd::schema twice{"age"_f = &visit::age, "age"_f = &visit::paid};
#endif
mlsd::frame<twice> table;
