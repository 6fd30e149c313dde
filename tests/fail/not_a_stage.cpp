// expect: not_a_stage<.*bounds
#include "record.hpp"

struct bounds {
  float lower, upper;
};
#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 9});
#else
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(bounds{0, 9});
#endif
