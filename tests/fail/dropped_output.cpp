// expect: feature_does_not_come_out<.*"bid"
#include "record.hpp"

const auto spec = mlsd::from<impressions>() | mlsd::on("age"_f, "bid"_f)(mlsd::clip{0, 99}) | mlsd::drop("bid"_f);
float value_of(const decltype(spec)::pipeline_type& features, const impression& i) {
#ifdef MLSD_FIXED
  return features(i)["age"_f];
#else
  return features(i)["bid"_f];
#endif
}
