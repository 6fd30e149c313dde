// expect: no_such_feature<.*"age"
#include "record.hpp"
struct request {
  float years;
};
#ifdef MLSD_FIXED
#define AGE "age"_f
#else
#define AGE "years"_f
#endif
inline constexpr mlsd::schema requests{AGE = &request::years};
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 1});
auto row(const decltype(spec)::pipeline_type& features, const request& r) { return features.read<requests>(r); }
