// expect: supervised_stage_cannot_be_fused<.*target_encode
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
auto spec = mlsd::from<visits>() | mlsd::on("city"_f)(mlsd::target_encode{}).as("rate"_f) | mlsd::on("rate"_f)(mlsd::standardize{});
#else
auto spec = mlsd::from<visits>() | mlsd::on("city"_f)(mlsd::target_encode{} >> mlsd::standardize{});
#endif
