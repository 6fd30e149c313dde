// expect: feature_does_not_come_out<.*"paid"
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

const auto spec = mlsd::from<visits>() | mlsd::on("age"_f, "paid"_f)(mlsd::clip{0, 99}) | mlsd::drop("paid"_f);
float value_of(const decltype(spec)::pipeline_type& features, const visit& v) {
#ifdef MLSD_FIXED
  return features(v)["age"_f];
#else
  return features(v)["paid"_f];
#endif
}
