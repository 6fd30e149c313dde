// expect: no_such_feature<.*"ag".*did_you_mean<.*"age"
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

const auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
float age_of(const decltype(spec)::pipeline_type& features, const visit& v) {
#ifdef MLSD_FIXED
  return features(v)["age"_f];
#else
  return features(v)["ag"_f];
#endif
}
