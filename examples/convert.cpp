/// convert: a model that another library trained, as a file of this one, or as LightGBM's text.
// ctest: none (tests/examples/score.py runs it)
#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/text.hpp"
#include "mlsd/scoring/import/lightgbm_export.hpp"
#include "score/formats.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage =
    "usage: convert --model FILE --output FILE [--format auto|lightgbm|xgboost|catboost|mlsd] [--to mlsd|lightgbm]\n"
    "Reads a model and writes it in another format: as a file of mlsd, which opens without a parser, or as the text "
    "of\n"
    "LightGBM. An error says what the format has no words for; but codes of texts, names of classes, and the columns "
    "of\n"
    "a model that train saved, which has numbers before texts, are said on stderr for whoever uses LightGBM's.\n"
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

[[nodiscard]] std::string in_quotes(std::string_view text) { return mlsd::detail::quote(text, text.size()); }
[[nodiscard]] std::string numbered(std::span<const std::string> texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i)
    out += (i == 0 ? " " : ", ") + std::to_string(i) + " is " + in_quotes(texts[i]);
  return out;
}

/// What LightGBM's text cannot say, and its rows must be made by.
[[nodiscard]] std::string what_text_lacks(const scored_model& model) {
  std::string lines;
  if (model.table && !model.table->layout.dictionaries.empty()) {
    const mlsd::table_layout& layout = model.table->layout;
    lines += "columns are in this order:" + numbered(layout.names) + "\n";
    for (std::size_t k = 0; k < layout.dictionaries.size(); ++k) {
      const mlsd::text_dictionary& dictionary = layout.dictionaries[k];
      lines += "codes of " + in_quotes(layout.names[layout.numbers() + k]) + ":" + numbered(dictionary.texts()) +
               (dictionary.size() == 0 ? " " : ", ") + std::to_string(dictionary.size()) + " is any other\n";
    }
  }
  if (!model.model.classes.empty()) lines += "classes:" + numbered(model.model.classes) + "\n";
  return lines;
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
  if (const std::string lacking = what_text_lacks(*model); !lacking.empty())
    std::fprintf(stderr, "convert: %s does not say:\n%s", output.c_str(), lacking.c_str());
  return 0;
}
