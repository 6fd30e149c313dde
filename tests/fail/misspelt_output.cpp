// expect: no_such_feature<.*"ag".*did_you_mean<.*"age"
#include "record.hpp"

const auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
float age_of(const decltype(spec)::pipeline_type& features, const impression& i) {
#ifdef MLSD_FIXED
  return features(i)["age"_f];
#else
  return features(i)["ag"_f];
#endif
}
