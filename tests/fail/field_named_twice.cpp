// expect: field_named_twice<.*"age"
#include "record.hpp"

#ifdef MLSD_FIXED
inline constexpr mlsd::schema twice{"age"_f = &impression::age, "bid"_f = &impression::bid};
#else
inline constexpr mlsd::schema twice{"age"_f = &impression::age, "age"_f = &impression::bid};
#endif
mlsd::frame<twice> table;
