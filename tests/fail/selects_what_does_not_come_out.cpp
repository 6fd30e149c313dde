// expect: feature_does_not_come_out<.*"bid"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99}) | mlsd::only("age"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99}) | mlsd::only("age"_f, "bid"_f);
#endif
