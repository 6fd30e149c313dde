// expect-gcc: no match for .operator\[\]. .*frame<impressions>.*"agee"
// expect-clang: no viable overloaded operator\[\] for type .*frame<impressions>
#include "record.hpp"
#ifdef MLSD_FIXED
#define AGE "age"_f
#else
#define AGE "agee"_f
#endif
auto column(const mlsd::frame<impressions>& table) { return table[AGE]; }
