// expect: cannot_read_feature<.*"site"
#include "record.hpp"
#ifdef MLSD_FIXED
#define READ "age"_f
#else
#define READ "site"_f
#endif
auto spec = mlsd::from<impressions>() | mlsd::on(READ)(mlsd::clip{0, 1});
