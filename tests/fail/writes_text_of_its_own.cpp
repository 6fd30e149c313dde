// expect: kernel_must_write_plain_values<.*upper
#include "record.hpp"

struct upper {
#ifdef MLSD_FIXED
  std::string_view operator()(mlsd::category c) const noexcept { return c.text(); }
#else
  std::string operator()(mlsd::category c) const noexcept { return std::string(c.text()); }
#endif
};
auto spec = mlsd::from<impressions>() | mlsd::on("site"_f)(upper{});
