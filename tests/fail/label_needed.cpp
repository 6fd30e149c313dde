// expect: stage_needs_a_label<.*target_encode
#include "record.hpp"
#ifdef MLSD_FIXED
#define SCHEMA impressions
#else
inline constexpr mlsd::schema unlabelled{"ad"_f = &impression::ad};
#define SCHEMA unlabelled
#endif
auto spec = mlsd::from<SCHEMA>() | mlsd::on("ad"_f)(mlsd::target_encode{});
