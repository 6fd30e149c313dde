// Writes emitted_0.hpp, emitted_1.hpp, ... into the folder that is its argument.
#include "emit/models.hpp"
#include "mlsd/scoring/gbdt/emit_header.hpp"

#include <cstdio>
#include <string>

int main(int, char** argv) {
  for (std::size_t i = 0; i < std::size(emitted_models::shapes); ++i) {
    const std::string name = "emitted_" + std::to_string(i);
    const std::string text = mlsd::emit_header(emitted_models::model(i), name).value();
    std::FILE* const f = std::fopen((std::string(argv[1]) + "/" + name + ".hpp").c_str(), "w");
    if (f == nullptr || std::fwrite(text.data(), 1, text.size(), f) != text.size() || std::fclose(f) != 0) return 1;
  }
}
