// expect: cannot_convert_field<.*"age".*string_view.*float
#include "record.hpp"

struct request {
  float years;
  std::string_view age;
};
#ifdef MLSD_FIXED
inline constexpr mlsd::schema requests{"age"_f = &request::years};
#else
inline constexpr mlsd::schema requests{"age"_f = &request::age};
#endif
const auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
auto apply(const decltype(spec)::pipeline_type& features, const request& r) { return features.read<requests>(r); }
