// Loads what another process saved, without any training code, and scores with the same bits.
#include "process/visit.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto loaded = mlsd::load<std::pair<process::system, std::uint64_t>>(argv[1]);
  if (!loaded) {
    std::fprintf(stderr, "%s\n", mlsd::to_string(loaded.error()).c_str());
    return 1;
  }
  const std::uint64_t bits = process::bits_of_scores(loaded->first);
  std::printf("loaded; the bits of the scores are %016llx, saved were %016llx\n",
              static_cast<unsigned long long>(bits), static_cast<unsigned long long>(loaded->second));
  return bits == loaded->second ? 0 : 1;
}
