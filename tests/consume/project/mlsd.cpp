// The umbrella, and every dependency beside it.
#include <cstdio>

#include "mlsd/interop/eigen.hpp"
#include "mlsd/interop/fmt.hpp"
#include "mlsd/interop/xtensor.hpp"
#include "mlsd/mlsd.hpp"

int main() {
  std::printf("mlsd %d.%d.%d mlsd\n", mlsd::version.major, mlsd::version.minor, mlsd::version.patch);
}
