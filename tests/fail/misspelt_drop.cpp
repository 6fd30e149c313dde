// expect: no_such_feature<.*"payd".*did_you_mean<.*"paid"
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

const auto start = mlsd::from<visits>() | mlsd::on("paid"_f)(mlsd::clip{0, 99});
#ifdef MLSD_FIXED
auto spec = start | mlsd::drop("paid"_f);
#else
auto spec = start | mlsd::drop("payd"_f);
#endif
