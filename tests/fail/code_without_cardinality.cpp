// expect: kernel_of_codes_needs_cardinality<.*decade
#include "record.hpp"

struct decade {
  mlsd::code operator()(float age) const noexcept { return {static_cast<std::uint32_t>(age / 10) % 10}; }
#ifdef MLSD_FIXED
  std::uint32_t cardinality() const noexcept { return 10; }
#endif
};
auto spec = mlsd::from<impressions>() | mlsd::on("age"_f)(decade{});
