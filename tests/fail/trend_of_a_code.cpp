// expect: feature_does_not_come_out<.*"ad"
#include "mlsd/features/ordinal.hpp"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("ad"_f)(mlsd::target_encode{}) | mlsd::rising("ad"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::on("ad"_f)(mlsd::ordinal{}) | mlsd::rising("ad"_f);
#endif
