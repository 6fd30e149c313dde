// expect: label_leak<.*"clicked"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("ad"_f)(mlsd::target_encode{}).as("rate"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("clicked"_f)(mlsd::target_encode{}).as("rate"_f);
#endif
