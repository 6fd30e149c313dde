// The umbrella, and every dependency beside it.
#include <cstdio>

#include "mlsd/interop/eigen.hpp"
#include "mlsd/interop/fmt.hpp"
#include "mlsd/interop/xtensor.hpp"
#include "mlsd/mlsd.hpp"

int main() {
  std::printf("mlsd %d.%d.%d mlsd\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch);
}
