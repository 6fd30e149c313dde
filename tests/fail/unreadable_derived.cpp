// expect: cannot_read_feature<.*"sum"
#include "record.hpp"

constexpr auto sum = [](float a, float b) noexcept { return a + b; };
#ifdef MLSD_FIXED
auto spec = mlsd::from<impressions>() | mlsd::derive("sum"_f, sum, "age"_f, "bid"_f);
#else
auto spec = mlsd::from<impressions>() | mlsd::derive("sum"_f, sum, "age"_f, "site"_f);
#endif
