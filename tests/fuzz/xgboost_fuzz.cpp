// libFuzzer target: hostile bytes for the importer of XGBoost's models, of both encodings.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/xgboost_fuzz.cpp -o
//   xgboost_fuzz
//   mkdir -p corpus && ./xgboost_fuzz corpus tests/fuzz/corpus/xgboost -max_len=8192 -rss_limit_mb=1024 -runs=1000000
//
// What is a model must score, and be the same model as a file of this library.
#include <cstdlib>

#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/import/xgboost.hpp"
#include "scoring/import/model_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto model = mlsd::import_xgboost({reinterpret_cast<const char*>(data), size});
  if (!model) return model.error().message.empty() ? std::abort(), 0 : 0;
  mlsd_test::draws random{size};
  (void)model_files::score(*model, random);
  const auto bytes = mlsd::to_bytes(*model);
  const auto loaded = mlsd::from_bytes<mlsd::imported_gbdt>(bytes);
  if (!loaded || mlsd::to_bytes(*loaded) != bytes) std::abort();
  return 0;
}
