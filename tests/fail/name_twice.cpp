// expect: feature_exists_already<.*"x"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f, "bid"_f)(mlsd::clip{0, 9}).as("x"_f, "y"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f, "bid"_f)(mlsd::clip{0, 9}).as("x"_f, "x"_f);
#endif
