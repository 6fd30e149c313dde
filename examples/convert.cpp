/// convert: a model that another library trained, as a file of this one, or as LightGBM's text.
// ctest: none (tests/examples/score.py runs it)
#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/import/lightgbm_export.hpp"
#include "score/formats.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage =
    "usage: convert --model FILE --output FILE [--format auto|lightgbm|xgboost|catboost|mlsd] [--to mlsd|lightgbm]\n"
    "Reads a model and writes it in another format: as a file of mlsd, which opens without a parser, or as the text "
    "of\n"
    "LightGBM. An error says what the format has no words for.\n"
    "Exit status: 0 written, 1 a file cannot be read or written, 2 wrong use.\n";

int fail(const std::string& path, const mlsd::error& e) {
  std::fprintf(stderr, "convert: %s: %s\n", path.c_str(), mlsd::to_string(e).c_str());
  return 1;
}

[[nodiscard]] mlsd::result<void> write_text(const std::string& path, std::string_view text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return mlsd::error{mlsd::errc::io, std::strerror(errno)};
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if ((std::fclose(file) == 0) && written) return {};
  return mlsd::error{mlsd::errc::io, std::strerror(errno)};
}

}  // namespace

int main(int argc, char** argv) {
  std::string model_path, output, format = "auto", to = "mlsd";
  bool understood = argc % 2 == 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    std::string* const setting = name == "--model"    ? &model_path
                                 : name == "--output" ? &output
                                 : name == "--format" ? &format
                                 : name == "--to"     ? &to
                                                      : nullptr;
    if (setting == nullptr)
      understood = false;
    else
      *setting = argv[i + 1];
  }
  if (!understood || model_path.empty() || output.empty() || (to != "mlsd" && to != "lightgbm"))
    return std::fputs(usage, stderr) < 0 ? 1 : 2;

  const auto model = load_model(model_path, format);
  if (!model) return fail(model_path, model.error());
  if (to == "mlsd") {
    const auto saved = model->table ? mlsd::save(output, *model->table) : mlsd::save(output, model->model);
    if (!saved) return fail(output, saved.error());
    return 0;
  }
  const auto text = mlsd::to_lightgbm(model->model);
  if (!text) return fail(model_path, text.error());
  if (auto written = write_text(output, *text); !written) return fail(output, written.error());
  return 0;
}
