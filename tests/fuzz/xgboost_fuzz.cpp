// libFuzzer target: hostile bytes for the importer of XGBoost's models, of both encodings.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/xgboost_fuzz.cpp -o
//   xgboost_fuzz
//   mkdir -p corpus && ./xgboost_fuzz corpus tests/fuzz/corpus/xgboost -max_len=8192 -rss_limit_mb=1024 -runs=1000000
#include "fuzz/imported_model.hpp"
#include "mlsd/scoring/import/xgboost.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return model_files::refuse_or_score(mlsd::import_xgboost<>, data, size);
}
