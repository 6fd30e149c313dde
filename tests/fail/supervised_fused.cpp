// expect: supervised_stage_cannot_be_fused<.*target_encode
#include "mlsd/features/standardize.hpp"
#include "record.hpp"

#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("site"_f)(mlsd::target_encode{}).as("rate"_f) |
            mlsd::on("rate"_f)(mlsd::standardize{});
#else
auto spec = mlsd::from<impressions>() | mlsd::on("site"_f)(mlsd::target_encode{} >> mlsd::standardize{});
#endif
