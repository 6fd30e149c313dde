// expect: no_such_column|constraints|no viable overloaded|no match for .operator
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

float first_age(const mlsd::frame<visits>& table) {
#ifdef MLSD_FIXED
  return table["age"_f][0];
#else
  return table["agee"_f][0];
#endif
}
