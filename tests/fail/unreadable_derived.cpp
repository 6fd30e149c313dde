// expect: cannot_read_feature<.*"sum"
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

constexpr auto sum = [](float a, float b) noexcept { return a + b; };
#ifdef MLSD_FIXED
auto spec = mlsd::from<visits>() | mlsd::derive("sum"_f, sum, "age"_f, "paid"_f);
#else
auto spec = mlsd::from<visits>() | mlsd::derive("sum"_f, sum, "age"_f, "city"_f);
#endif
