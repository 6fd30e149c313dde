// expect: kernel_must_write_plain_values<.*upper
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

struct upper {
#ifdef MLSD_FIXED
  std::string_view operator()(mlsd::category c) const noexcept { return c.text(); }
#else
  std::string operator()(mlsd::category c) const noexcept { return std::string(c.text()); }
#endif
};
auto spec = mlsd::from<visits>() | mlsd::on("city"_f)(upper{});
