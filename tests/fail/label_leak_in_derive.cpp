// expect: label_leak<.*"clicked"
#include "record.hpp"
#ifdef MLSD_FIXED
#define READ "ad"_f
#else
#define READ "clicked"_f
#endif
auto spec = mlsd::from<impressions>() |
            mlsd::derive(
                "both"_f, [](float a, auto b) noexcept { return a + static_cast<float>(b); }, "age"_f, READ);
