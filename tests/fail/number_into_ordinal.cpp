// expect: cannot_read_feature<.*"age".*ordinal
#include "mlsd/features/ordinal.hpp"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("ad"_f)(mlsd::ordinal{});
#else
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::ordinal{});
#endif
