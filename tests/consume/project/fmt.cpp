#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "mlsd/interop/fmt.hpp"
#include "mlsd/version.hpp"

int main() {
  const std::string line = fmt::format("mlsd {}.{}.{} fmt {}\n", mlsd::library_version.major, mlsd::library_version.minor,
                                       mlsd::library_version.patch, FMT_VERSION / 10000);
  std::fputs(line.c_str(), stdout);
}
