// expect: no_such_feature<.*"citty".*did_you_mean<.*"city"
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

const auto start = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 99}) | mlsd::on("city"_f)(mlsd::hashed<8>{});
#ifdef MLSD_FIXED
auto spec = start | mlsd::cross<10>("pair"_f, "city"_f, "user"_f);
#else
auto spec = start | mlsd::cross<10>("pair"_f, "citty"_f, "user"_f);
#endif
