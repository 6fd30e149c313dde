// Where the reference data lies, if it is there: $MLSD_SHARED, else what CMake found beside the checkout.
#pragma once

#include <cstdlib>

namespace mlsd_test {

/// nullptr when there is none: the test then says that it is skipped.
inline const char* shared_dir() {
  if (const char* from_environment = std::getenv("MLSD_SHARED")) return *from_environment ? from_environment : nullptr;
#ifdef MLSD_SHARED_DIR
  return MLSD_SHARED_DIR;
#else
  return nullptr;
#endif
}

}  // namespace mlsd_test
