// expect: feature_exists_already<.*"ad"
#include "mlsd/features/hashed.hpp"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::cross<9>("ad_site"_f, "ad"_f, "site"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::cross<9>("ad"_f, "ad"_f, "site"_f);
#endif
