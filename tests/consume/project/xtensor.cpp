#include <cstdio>

#include "mlsd/interop/xtensor.hpp"
#include "mlsd/version.hpp"

int main() {
  std::printf("mlsd %d.%d.%d xtensor\n", mlsd::version.major, mlsd::version.minor, mlsd::version.patch);
}
