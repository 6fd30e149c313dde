// expect: fitted_stage_needs_describe<
#include "record.hpp"

auto make(float rate) {
  const auto times = [rate](float x) noexcept { return x * rate; };
#ifdef MLSD_FIXED
  static_cast<void>(times);
  return mlsd::from<impressions>() | mlsd::on("age"_f)([](float x) noexcept { return x * 2; });
#else
  return mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 9} >> times);
#endif
}
