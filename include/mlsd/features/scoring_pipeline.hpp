#pragma once

#include "mlsd/features/pipeline.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// A fitted pipeline with a model behind it: from a user's struct to a score. One value, one file, one definition for
/// one record (online) and for tables (offline), with the same bits. Made by `features | model` or by `compose`.
/// One record: noexcept, no allocation. Tables: allocates the result and the features of 16,384 rows a chunk.
/// `raw` is the margin before the model's link, where the model has one. Const calls are thread-safe.
template <class Features, class Scorer> class scoring_pipeline {
 public:
  using record_type = typename Features::record_type;
  using table_type = typename Features::table_type;
  static constexpr std::string_view type_name = "scoring pipeline";

  scoring_pipeline() = default;

  /// A model takes the features that it was trained on: their number is checked, and the culprit named.
  [[nodiscard]] static result<scoring_pipeline> make(Features features, Scorer scorer) {
    scoring_pipeline made(std::move(features), std::move(scorer));
    if (auto ok = made.validate(); !ok) return ok.error();
    return made;
  }

  [[nodiscard]] auto operator()(const record_type& record) const noexcept { return scorer_(row(features_(record))); }
  [[nodiscard]] auto raw(const record_type& record) const noexcept
    requires requires(const Scorer& s, const mixed_row& r) { s.raw(r); }
  {
    return scorer_.raw(row(features_(record)));
  }
  /// A record of another struct that has the fields that are read: `ctr.template read<requests>(request)`.
  template <const auto& Source>
  [[nodiscard]] auto read(const typename schema_of<Source>::record_type& record) const noexcept {
    return scorer_(row(features_.template read<Source>(record)));
  }

  /// Scores of `out.size()` records, `row(i)` each, of a struct with the fields that are read. The same bits as one by
  /// one, in blocks of 64, which the models' engines like better. No allocation.
  template <const auto& Source, class Row>
  void score_rows(Row&& row, std::span<double> out) const noexcept
    requires batch_scorer<Scorer>
  {
    constexpr std::size_t block = 64, numbers = Features::number_columns, codes = Features::code_columns;
    float number[numbers * block + 1];
    std::uint32_t code[codes * block + 1];
    for (std::size_t first = 0; first < out.size(); first += block) {
      const std::size_t n = (std::min)(block, out.size() - first);
      for (std::size_t i = 0; i < n; ++i) {
        const auto x = features_.template read<Source>(row(first + i));
        for (std::size_t j = 0; j < numbers; ++j) number[j * block + i] = x.numbers[j];
        for (std::size_t j = 0; j < codes; ++j) code[j * block + i] = x.codes[j];
      }
      scorer_(mixed_columns{n, numbers, codes, block, number, code}, out.subspan(first, n));
    }
  }

  template <executor Ex = sequential>
  [[nodiscard]] std::vector<double> operator()(const table_type& table, Ex&& ex = {}) const {
    return rows(table, 0, table.size(), ex);
  }
  /// Rows [first, first + count) of a table.
  template <executor Ex = sequential>
  [[nodiscard]] std::vector<double> rows(const table_type& table, std::size_t first, std::size_t count,
                                         Ex&& ex = {}) const {
    return by_chunks(table, first, count, ex,
                     [this](const mixed_columns& x, std::span<double> out) { scorer_(x, out); });
  }
  template <executor Ex = sequential>
  [[nodiscard]] std::vector<double> raw(const table_type& table, Ex&& ex = {}) const
    requires requires(const Scorer& s, const mixed_columns& x, std::span<double> out) { s.raw(x, out); }
  {
    return by_chunks(table, 0, table.size(), ex,
                     [this](const mixed_columns& x, std::span<double> out) { scorer_.raw(x, out); });
  }

  [[nodiscard]] const Features& features() const noexcept { return features_; }
  [[nodiscard]] const Scorer& scorer() const noexcept { return scorer_; }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("features", self.features_);
    ar("inputs", self.inputs_);
    ar("scorer", self.scorer_);
  }
  /// The features that come out are those that the model was composed with.
  [[nodiscard]] result<void> validate() const {
    const std::vector<feature_info> now = features_.info();
    if (now.size() != inputs_.size())
      return error{errc::mismatch, "the pipeline makes " + std::to_string(now.size()) + " features, the model takes " +
                                       std::to_string(inputs_.size())};
    for (std::size_t f = 0; f < now.size(); ++f)
      if (!(now[f] == inputs_[f]))
        return error{errc::mismatch, "the pipeline makes feature '" + now[f].name + "' of cardinality " +
                                         std::to_string(now[f].cardinality) + " where the model takes '" +
                                         inputs_[f].name + "' of cardinality " +
                                         std::to_string(inputs_[f].cardinality)};
    if constexpr (requires { scorer_.number_columns(); })
      if (scorer_.number_columns() != Features::number_columns || scorer_.code_columns() != Features::code_columns)
        return error{errc::mismatch, "the pipeline makes " + std::to_string(Features::number_columns) +
                                         " numbers and " + std::to_string(Features::code_columns) +
                                         " codes, the model takes " + std::to_string(scorer_.number_columns()) +
                                         " and " + std::to_string(scorer_.code_columns())};
    return {};
  }

 private:
  static constexpr std::size_t chunk_rows = 16 * detail::tile_rows;

  scoring_pipeline(Features features, Scorer scorer)
      : features_(std::move(features)), inputs_(features_.info()), scorer_(std::move(scorer)) {}

  [[nodiscard]] static constexpr mixed_row row(const typename Features::row_type& r) noexcept { return r; }

  template <class Ex, class Score>
  [[nodiscard]] std::vector<double> by_chunks(const table_type& table, std::size_t first, std::size_t count, Ex& ex,
                                              Score score) const {
    std::vector<double> out(count);
    for_each_chunk(ex, count, chunk_rows, [&](std::size_t begin, std::size_t end) {
      const feature_matrix x = features_.rows(table, first + begin, end - begin);
      score(x.columns(), std::span(out).subspan(begin, end - begin));
    });
    return out;
  }

  Features features_{};
  std::vector<feature_info> inputs_{};
  Scorer scorer_{};
};

/// Features and the model trained on them, or the error that says how they differ.
template <class Features, class Scorer>
[[nodiscard]] result<scoring_pipeline<Features, Scorer>> compose(Features features, Scorer scorer) {
  return scoring_pipeline<Features, Scorer>::make(std::move(features), std::move(scorer));
}

/// `features | model`, for a model that was trained on these features; anything else prints the difference and aborts
/// (`compose` returns it).
template <const auto& Schema, class... Stages, class Scorer>
  requires requires(const Scorer& s, const mixed_row& r) { s(r); }
[[nodiscard]] auto operator|(pipeline<Schema, Stages...> features, Scorer scorer) {
  return compose(std::move(features), std::move(scorer)).value();
}

}  // namespace mlsd
