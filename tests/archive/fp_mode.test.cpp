#include "mlsd/archive/fp_mode.hpp"

#include "catch.hpp"

namespace test_fp_mode {
using namespace mlsd;

TEST_CASE("fp_mode: a machine target without fused multiply-add rounds twice") {
#if !defined(__FMA__) && (defined(__x86_64__) || defined(__i386__))
  CHECK(fp_mode_of_build() == fp_mode::strict);
#else
  CHECK((fp_mode_of_build() == fp_mode::strict || fp_mode_of_build() == fp_mode::contracted));
#endif
}

TEST_CASE("fp_mode: names") {
  CHECK(to_string(fp_mode::contracted) == "contracted");
  CHECK(to_string(static_cast<fp_mode>(77)) == "unknown");
}

}  // namespace test_fp_mode
