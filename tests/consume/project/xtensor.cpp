#include <cstdio>

#include "mlsd/interop/xtensor.hpp"
#include "mlsd/version.hpp"

int main() {
  std::printf("mlsd %d.%d.%d xtensor\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch);
}
