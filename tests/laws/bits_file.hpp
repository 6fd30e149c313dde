// The file of bits that programs built with other flags must write too.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace test_laws {

/// A line in the file that MLSD_BITS names, if any; each run of a program begins it anew.
inline void note_bits(const char* what, std::uint64_t bits) {
  static std::FILE* file = [] {
    const char* name = std::getenv("MLSD_BITS");
    return name == nullptr ? nullptr : std::fopen(name, "wb");
  }();
  if (file == nullptr) return;
  std::fprintf(file, "%s %016llx\n", what, static_cast<unsigned long long>(bits));
  std::fflush(file);
}

}  // namespace test_laws
