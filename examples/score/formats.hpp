/// The formats of models that `score` and `convert` read; those in JSON where nlohmann/json is there.
#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/table_model.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"

#if __has_include(<nlohmann/json.hpp>)
#include "mlsd/scoring/import/catboost.hpp"
#include "mlsd/scoring/import/xgboost.hpp"
#endif

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A model, and how a text becomes a code where it has columns of texts.
struct scored_model {
  mlsd::imported_gbdt model{};
  /// The code of a text in code column `column`.
  mlsd::result<std::uint32_t> (*code)(const scored_model& model, std::size_t column, std::string_view text) = nullptr;
  std::optional<mlsd::gbdt_table_model> table{};  ///< if it is one, which `train` saved
};

struct model_format {
  std::string_view name;
  bool (*recognises)(std::string_view bytes);
  mlsd::result<scored_model> (*read)(std::string_view bytes);
};

[[nodiscard]] inline bool is_lightgbm(std::string_view bytes) {
  return bytes.starts_with("tree\n") || bytes.starts_with("tree\r\n");
}
[[nodiscard]] inline mlsd::result<scored_model> read_lightgbm(std::string_view bytes) {
  auto model = mlsd::import_lightgbm(bytes);
  if (!model) return model.error();
  return scored_model{std::move(*model)};
}

/// CatBoost knows categories by the hash of their text.
[[nodiscard]] inline mlsd::result<std::uint32_t> hashed(const scored_model& model, std::size_t, std::string_view text) {
  return model.model.code(text);
}
/// A text that was not in the training rows gets the code behind the last one.
[[nodiscard]] inline mlsd::result<std::uint32_t> listed(const scored_model& model, std::size_t column,
                                                        std::string_view text) {
  return model.table->layout.dictionaries[column].code(text);
}
#if __has_include(<nlohmann/json.hpp>)
/// True if a member of some object has the name.
[[nodiscard]] inline bool has_member(std::string_view json, std::string_view name) {
  const std::string quoted = '"' + std::string(name) + '"';
  for (std::size_t at = json.find(quoted); at != std::string_view::npos; at = json.find(quoted, at + 1)) {
    const std::size_t next = json.find_first_not_of(" \t\r\n", at + quoted.size());
    if (next != std::string_view::npos && json[next] == ':') return true;
  }
  return false;
}
[[nodiscard]] inline bool is_catboost(std::string_view bytes) {
  return bytes.starts_with('{') && has_member(bytes, "features_info");
}
[[nodiscard]] inline mlsd::result<scored_model> read_catboost(std::string_view bytes) {
  auto model = mlsd::import_catboost(bytes);
  if (!model) return model.error();
  return scored_model{std::move(*model), hashed};
}
/// In UBJ a length comes after the brace.
[[nodiscard]] inline bool is_xgboost(std::string_view bytes) {
  return bytes.starts_with("{L") || bytes.starts_with("{i") || bytes.starts_with("{U") ||
         (bytes.starts_with('{') && has_member(bytes, "gradient_booster"));
}
[[nodiscard]] inline mlsd::result<scored_model> read_xgboost(std::string_view bytes) {
  auto model = mlsd::import_xgboost(bytes);
  if (!model) return model.error();
  return scored_model{std::move(*model)};
}
#endif

/// Models that this library trained have codes for categories; a text is then the code's decimal digits.
[[nodiscard]] inline mlsd::result<std::uint32_t> digits(const scored_model&, std::size_t, std::string_view text) {
  std::uint32_t code = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (fault != std::errc{} || end != text.data() + text.size())
    return mlsd::error{mlsd::errc::parse, "expected the code of a category"};
  return code;
}
[[nodiscard]] inline bool is_mlsd(std::string_view bytes) { return bytes.starts_with("\x89mlsd"); }
[[nodiscard]] inline mlsd::result<scored_model> read_mlsd(std::string_view bytes) {
  const auto file = std::as_bytes(std::span(bytes.data(), bytes.size()));
  if (auto trained = mlsd::from_bytes<mlsd::gbdt_model>(file))
    return scored_model{mlsd::as_imported(*std::move(trained)), digits};
  if (auto table = mlsd::from_bytes<mlsd::gbdt_table_model>(file)) {
    scored_model made{mlsd::as_imported(table->model), listed, std::move(*table)};
    made.model.columns = made.table->layout.names;
    made.model.classes = made.table->layout.classes;
    return made;
  }
  auto imported = mlsd::from_bytes<mlsd::imported_gbdt>(file);
  if (!imported) return imported.error();
  const bool by_hash = !imported->category_hashes.empty();
  return scored_model{std::move(*imported), by_hash ? hashed : digits};
}

/// In the order in which they are tried.
inline constexpr std::array model_formats {
  model_format{"lightgbm", is_lightgbm, read_lightgbm},
#if __has_include(<nlohmann/json.hpp>)
      model_format{"xgboost", is_xgboost, read_xgboost}, model_format{"catboost", is_catboost, read_catboost},
#endif
      model_format{"mlsd", is_mlsd, read_mlsd},
};

/// The model in the bytes of a file, which are of the format with this name; "auto" is the first that recognises them.
[[nodiscard]] inline mlsd::result<scored_model> read_model(std::string_view bytes, std::string_view name) {
  std::string known;
  for (const model_format& format : model_formats) {
    if (name == "auto" ? format.recognises(bytes) : name == format.name) return format.read(bytes);
    known += (known.empty() ? "" : ", ") + std::string(format.name);
  }
  if (name == "auto") return mlsd::error{mlsd::errc::parse, "the model is of no known format, which are: " + known};
  return mlsd::error{mlsd::errc::invalid_argument,
                     "the formats are auto, " + known + ", not '" + std::string(name) + "'"};
}

/// The model in a file.
[[nodiscard]] inline mlsd::result<scored_model> load_model(const std::string& path, std::string_view format) {
  const auto content = mlsd::detail::read_file(path);
  if (!content) return content.error();
  const auto bytes = content->bytes();
  return read_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, format);
}
