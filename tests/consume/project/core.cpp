// The standard library only; a thread, so that what threads need is linked as well.
#include <cstddef>
#include <cstdio>

#include "mlsd/core/result.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/version.hpp"

int main() {
  mlsd::threads pool{2};
  const mlsd::result<int> answer = 42;
  if (!answer) return 1;
  std::printf("mlsd %d.%d.%d core\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch);
}
