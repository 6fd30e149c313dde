#include "mlsd/version.hpp"

#include "catch.hpp"

namespace test_version {

TEST_CASE("version: the constant and the macros are one") {
  STATIC_REQUIRE(mlsd::library_version.major == MLSD_VERSION_MAJOR);
  STATIC_REQUIRE(mlsd::library_version.minor == MLSD_VERSION_MINOR);
  STATIC_REQUIRE(mlsd::library_version.patch == MLSD_VERSION_PATCH);
#if MLSD_VERSION_MAJOR < 0
  FAIL("the preprocessor can compare the version");
#endif
}

}  // namespace test_version
