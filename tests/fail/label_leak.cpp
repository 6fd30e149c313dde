// expect: label_leak<.*"clicked"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("bid"_f)(mlsd::as_number{}).as("sold"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("clicked"_f)(mlsd::as_number{}).as("sold"_f);
#endif
