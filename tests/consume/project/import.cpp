#include <cstdio>

#include "mlsd/scoring/import/catboost.hpp"
#include "mlsd/version.hpp"

int main() {
  const auto model =
      mlsd::import_catboost(R"({"features_info":{},"oblivious_trees":[{"leaf_values":[2],"splits":null}],"scale_and_bias":[1,[0.5]]})");
  if (!model || (*model)(std::span<const float>()) != 2.5) return 1;
  std::printf("mlsd %d.%d.%d import\n", mlsd::library_version.major, mlsd::library_version.minor, mlsd::library_version.patch);
}
