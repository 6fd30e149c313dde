#include <Eigen/Core>
#include <cstdio>

#include "mlsd/interop/eigen.hpp"
#include "mlsd/version.hpp"

int main() {
  std::printf("mlsd %d.%d.%d eigen %d.%d\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch,
              EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
}
