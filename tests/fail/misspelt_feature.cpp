// expect: no_such_feature<.*"agee".*did_you_mean<.*"age"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
#else
auto spec = mlsd::from<impressions>() | mlsd::on("agee"_f)(mlsd::clip{0, 99});
#endif
