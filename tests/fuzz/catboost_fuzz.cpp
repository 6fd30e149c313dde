// libFuzzer target: hostile texts for the importer of CatBoost's models.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/catboost_fuzz.cpp -o
//   catboost_fuzz
//   mkdir -p corpus && ./catboost_fuzz corpus tests/fuzz/corpus/catboost -max_len=8192 -rss_limit_mb=1024 -runs=1000000
//
// What is a model must score, and be the same model as a file of this library.
#include <cstdlib>

#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/import/catboost.hpp"
#include "scoring/import/model_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto model = mlsd::import_catboost({reinterpret_cast<const char*>(data), size});
  if (!model) return model.error().message.empty() ? std::abort(), 0 : 0;
  mlsd_test::draws random{size};
  (void)model_files::score(*model, random);
  const auto bytes = mlsd::to_bytes(*model);
  const auto loaded = mlsd::from_bytes<mlsd::imported_gbdt>(bytes);
  if (!loaded || mlsd::to_bytes(*loaded) != bytes) std::abort();
  return 0;
}
