// expect: feature_exists_already<.*"bid"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 9}).as("bid2"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 9}).as("bid"_f);
#endif
