// needs: nlohmann/json.hpp
// Reading a model that CatBoost saved as JSON: catboost_import --time MODEL.json prints the seconds of CPU and the
// trees. bench/peers/catboost_import.py runs it by turns with CatBoost, which has no interface in C that reads JSON.
#include "../versus.hpp"
#include "mlsd/archive/storage.hpp"
#include "mlsd/scoring/import/catboost.hpp"

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "--time")
    return std::fprintf(stderr, "catboost_import --time MODEL\n"), 2;
  const auto content = mlsd::detail::read_file(argv[2]).value();
  const std::string_view file(reinterpret_cast<const char*>(content.bytes().data()), content.bytes().size());
  std::size_t trees = 0;
  const auto read = [&] { trees = mlsd::import_catboost(file).value().trees(); };
  read();
  std::printf("%.9f %zu\n", bench::seconds_of(read), trees);
}
