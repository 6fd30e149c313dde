// expect-gcc: no match for call to .*pipeline_spec
// expect-clang: does not provide a call operator|no matching function for call to object of type .*pipeline_spec
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
auto apply(const visit& v, const mlsd::frame<visits>& train) {
#ifdef MLSD_FIXED
  return spec.fit(train).value().features(v);
#else
  static_cast<void>(train);
  return spec(v);
#endif
}
