// expect: kernel_of_codes_needs_cardinality<.*decade
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

struct decade {
  mlsd::code operator()(float age) const noexcept { return {static_cast<std::uint32_t>(age / 10) % 10}; }
#ifdef MLSD_FIXED
  std::uint32_t cardinality() const noexcept { return 10; }
#endif
};
auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(decade{});
