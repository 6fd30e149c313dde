// expect: no_such_feature<.*"bidd"
#include "record.hpp"
#ifdef MLSD_FIXED
#define BID "bid"_f
#else
#define BID "bidd"_f
#endif
auto spec = mlsd::from<impressions>() | mlsd::derive(
                                            "both"_f, [](float a, float b) noexcept { return a + b; }, "age"_f, BID);
