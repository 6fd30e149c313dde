/// The formats of models that `score` reads.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/import/imported_gbdt.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// A model, and the code of a text where the model has columns of texts; nothing where a text is no category.
struct scored_model {
  mlsd::imported_gbdt model{};
  mlsd::result<std::uint32_t> (*code)(std::string_view text) = nullptr;
};

struct model_format {
  std::string_view name;
  bool (*recognises)(std::string_view bytes);
  mlsd::result<scored_model> (*read)(std::string_view bytes);
};

/// In the order in which they are tried.
[[nodiscard]] std::span<const model_format> model_formats();

/// Reads the bytes of a model of the format with this name, or of the first that recognises them for "auto".
[[nodiscard]] mlsd::result<scored_model> read_model(std::string_view bytes, std::string_view format);
