// expect: kernel_must_be_noexcept<.*"both"
#include "record.hpp"
#ifdef MLSD_FIXED
#define NOEXCEPT noexcept
#else
#define NOEXCEPT
#endif
auto spec = mlsd::from<impressions>() |
            mlsd::derive("both"_f, [](float a, float b) NOEXCEPT { return a + b; }, "age"_f, "bid"_f);
