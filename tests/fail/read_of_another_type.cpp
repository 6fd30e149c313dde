// expect: cannot_convert_field<.*"age".*string_view.*float
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

struct request {
  float years;
  std::string_view age;
};
#ifdef MLSD_FIXED
inline constexpr mlsd::schema requests{"age"_f = &request::years};
#else
inline constexpr mlsd::schema requests{"age"_f = &request::age};
#endif
const auto spec = mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
auto apply(const decltype(spec)::pipeline_type& features, const request& r) { return features.read<requests>(r); }
