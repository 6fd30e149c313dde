// expect: fitted_stage_needs_describe<
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

auto make(float rate) {
  const auto times = [rate](float x) noexcept { return x * rate; };
#ifdef MLSD_FIXED
  static_cast<void>(times);
  return mlsd::from<visits>() | mlsd::on("age"_f)([](float x) noexcept { return x * 2; });
#else
  return mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 9} >> times);
#endif
}
