// libFuzzer target: hostile texts for the importer of CatBoost's models.
//
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/catboost_fuzz.cpp -o
//   catboost_fuzz
//   mkdir -p corpus && ./catboost_fuzz corpus tests/fuzz/corpus/catboost -max_len=8192 -rss_limit_mb=1024 -runs=1000000
#include "fuzz/imported_model.hpp"
#include "mlsd/scoring/import/catboost.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return model_files::refuse_or_score(mlsd::import_catboost<>, data, size);
}
