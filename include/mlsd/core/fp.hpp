/// The floating-point rules that make one definition give the same bits offline and online.
///
/// 1. `-ffast-math` is refused: it turns NaN handling and summation order into a matter of luck.
/// 2. A compiler may contract `a * b + c` to one rounding (FMA) in one place and not in another. The drivers that call
///    kernels carry MLSD_UNCONTRACTED, so that on GCC kernels inlined into them never contract, whatever `-march` says;
///    Clang contracts by expression, alike in all drivers of one build. Functions of this library that must agree
///    across builds also carry MLSD_UNCONTRACTED and start with MLSD_CONTRACT_OFF, Clang's half of the same request.
///    The target `mlsd::reproducible` (-ffp-contract=off) makes all builds of users' kernels agree.
///    GCC does not inline a marked function into an unmarked one, so a marked function is safe to call from anywhere.
///    Clang with -ffp-contract=fast ignores the request: such a build has bits of its own.
#pragma once

#if defined(__FAST_MATH__) && !defined(MLSD_ALLOW_FAST_MATH)
#error "mlsd: -ffast-math breaks NaN handling and bit-identity; build without it, or define MLSD_ALLOW_FAST_MATH and accept the loss"
#endif

#if defined(__clang__)
#define MLSD_UNCONTRACTED
#define MLSD_CONTRACT_OFF _Pragma("clang fp contract(off)")
#elif defined(__GNUC__)
#define MLSD_UNCONTRACTED [[gnu::optimize("fp-contract=off")]]
#define MLSD_CONTRACT_OFF
#else
#define MLSD_UNCONTRACTED
#define MLSD_CONTRACT_OFF
#endif
