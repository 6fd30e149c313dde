#include "formats.hpp"

#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace {

[[nodiscard]] bool is_lightgbm(std::string_view bytes) {
  return bytes.starts_with("tree\n") || bytes.starts_with("tree\r\n");
}

[[nodiscard]] mlsd::result<scored_model> read_lightgbm(std::string_view bytes) {
  auto model = mlsd::import_lightgbm(bytes);
  if (!model) return model.error();
  return scored_model{*std::move(model)};
}

[[nodiscard]] bool is_mlsd(std::string_view bytes) { return bytes.starts_with("\x89mlsd"); }

/// What this library saves has codes for categories; a text is then the code's decimal digits.
[[nodiscard]] mlsd::result<std::uint32_t> digits(std::string_view text) {
  std::uint32_t code = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (fault != std::errc{} || end != text.data() + text.size())
    return mlsd::error{mlsd::errc::parse, "expected the code of a category"};
  return code;
}

/// A model with the link that it was trained for, as if it were imported.
[[nodiscard]] mlsd::imported_gbdt with_link(mlsd::gbdt_model model) {
  mlsd::imported_gbdt m;
  using kind = mlsd::prediction_kind;
  m.prediction.kind = model.output() == mlsd::link_function::logistic      ? kind::logistic
                      : model.output() == mlsd::link_function::exponential ? kind::exponential
                                                                           : kind::identity;
  m.texts.assign(model.width(), 0);
  std::fill(m.texts.begin() + static_cast<std::ptrdiff_t>(model.number_columns()), m.texts.end(), 1);
  m.model = std::move(model);
  return m;
}

[[nodiscard]] mlsd::result<scored_model> read_mlsd(std::string_view bytes) {
  const auto file = std::as_bytes(std::span(bytes.data(), bytes.size()));
  if (auto imported = mlsd::from_bytes<mlsd::imported_gbdt>(file)) return scored_model{*std::move(imported), digits};
  auto model = mlsd::from_bytes<mlsd::gbdt_model>(file);
  if (!model) return model.error();
  return scored_model{with_link(*std::move(model)), digits};
}

constexpr std::array formats{
    model_format{"lightgbm", is_lightgbm, read_lightgbm},
    model_format{"mlsd", is_mlsd, read_mlsd},
};

}  // namespace

std::span<const model_format> model_formats() { return formats; }

mlsd::result<scored_model> read_model(std::string_view bytes, std::string_view name) {
  std::string known;
  for (const model_format& format : formats) {
    if (name == "auto" ? format.recognises(bytes) : name == format.name) return format.read(bytes);
    known += (known.empty() ? "" : ", ") + std::string(format.name);
  }
  if (name == "auto") return mlsd::error{mlsd::errc::parse, "the model is of no known format, which are: " + known};
  return mlsd::error{mlsd::errc::invalid_argument,
                     "the formats are auto, " + known + ", not '" + std::string(name) + "'"};
}
