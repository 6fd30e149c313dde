#pragma once

#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/table_layout.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mlsd {

/// Trees with the layout of the table that they were trained on: one file for whoever has names and texts, and not the
/// program that trained. Fields are set by whoever trains; `validate` says whether they fit together.
/// Scoring as `gbdt_model`: `m(row)` for a `table_row` of its layout.
struct gbdt_table_model {
  static constexpr std::string_view type_name = "gbdt of a table";
  static constexpr std::uint32_t version = 1;

  table_layout layout{};
  std::string objective{};  ///< the name of what was minimised
  gbdt_model model{};

  /// The prediction of a model of one output.
  [[nodiscard]] double operator()(const mixed_row& x) const noexcept { return model(x); }
  [[nodiscard]] double operator()(const table_row& x) const noexcept { return model(x.view()); }
  /// The predictions of a row; `out` [outputs].
  void operator()(const mixed_row& x, std::span<double> out) const noexcept { model(x, out); }
  void operator()(const table_row& x, std::span<double> out) const noexcept { model(x.view(), out); }
  /// Of many rows; `out` [rows, outputs].
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept { model(x, out); }

  template <class = void> [[nodiscard]] result<void> validate() const {
    const auto damaged = [](const char* what) { return error{errc::corrupt, std::string("gbdt of a table: ") + what}; };
    if (auto ok = layout.validate(); !ok) return ok;
    if (layout.width() != model.width()) return damaged("not as many names as the model has features");
    if (layout.dictionaries.size() != model.code_columns()) return damaged("not a dictionary for each code");
    const std::size_t classes = layout.classes.size(), outputs = model.outputs();
    if (classes != 0 && classes != (outputs == 1 ? 2 : outputs)) return damaged("not as many classes as outputs");
    return {};
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("layout", self.layout);
    ar("objective", self.objective);
    ar("model", self.model);
  }
};

}  // namespace mlsd
