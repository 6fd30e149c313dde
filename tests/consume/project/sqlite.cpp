#include <cstdio>

#include "mlsd/interop/sqlite_scores.hpp"
#include "mlsd/version.hpp"

int main() {
  auto database = mlsd::sqlite_database::open(":memory:").value();
  auto sink = mlsd::sqlite_scores<>::open(database, {}).value();
  const double scores[] = {0.25, 0.5};
  if (!sink(0, scores)) return 1;
  std::printf("mlsd %d.%d.%d sqlite %s\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch,
              sqlite3_libversion());
}
