// expect: at most one label
#include "record.hpp"

#ifdef MLSD_FIXED
inline constexpr mlsd::schema outcomes{"a"_f = &impression::age, "b"_f = mlsd::label(&impression::clicked)};
#else
inline constexpr mlsd::schema outcomes{"a"_f = mlsd::label(&impression::age),
                                       "b"_f = mlsd::label(&impression::clicked)};
#endif
