// expect: no_such_feature<.*"agg"
#include "record.hpp"
#ifdef MLSD_FIXED
#define AGE "age"_f
#else
#define AGE "agg"_f
#endif
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 1}) | mlsd::drop(AGE);
