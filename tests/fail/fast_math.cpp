// expect: ffast-math breaks NaN

#ifdef MLSD_FIXED
#undef __FAST_MATH__
#else
#define __FAST_MATH__ 1
#endif
#include "mlsd/core/fp.hpp"
