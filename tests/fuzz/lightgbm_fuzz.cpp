// libFuzzer target: hostile texts for the importer of LightGBM's models.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/lightgbm_fuzz.cpp -o
//   lightgbm_fuzz
//   mkdir -p corpus && ./lightgbm_fuzz corpus tests/fuzz/corpus/lightgbm -max_len=8192 -rss_limit_mb=1024 -runs=1000000
#include <cstdlib>

#include "scoring/import/lightgbm_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lightgbm_models::outcome;
  const outcome o = lightgbm_models::outcome_of({reinterpret_cast<const char*>(data), size});
  if (o != outcome::refused && o != outcome::scored) std::abort();
  return 0;
}
