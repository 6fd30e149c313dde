// expect-gcc: no match for call to .*pipeline_spec
// expect-clang: does not provide a call operator|no matching function for call to object of type .*pipeline_spec
#include "record.hpp"

const auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(mlsd::clip{0, 99});
auto apply(const impression& i, const mlsd::frame<impressions>& train) {
#ifdef MLSD_FIXED
  return spec.fit(train).value().features(i);
#else
  static_cast<void>(train);
  return spec(i);
#endif
}
