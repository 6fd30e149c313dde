#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/testing/laws/broken.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd::laws {

namespace detail {
/// Every third row from the last to the first: a subset in another order, of an odd length.
[[nodiscard]] inline std::vector<std::size_t> some_rows(std::size_t n) {
  std::vector<std::size_t> rows;
  for (std::size_t i = n; i-- > 0;)
    if (i % 3 == 0) rows.push_back(i);
  return rows;
}
/// Pieces that no tile divides.
inline constexpr std::size_t piece_rows = 37;

[[nodiscard]] inline result<void> same_scores(std::string_view law, std::span<const double> got,
                                              std::span<const double> batch, std::span<const std::size_t> rows) {
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (bits(got[k]) != bits(batch[rows[k]]))
      return broken(
          law, "row " + std::to_string(rows[k]) + " is " + digits(got[k]) + ", in the batch " + digits(batch[rows[k]]));
  return {};
}
}  // namespace detail

/// Row == batch == slice == subset, bit for bit, of a scorer with a batch form. O(rows); allocates copies.
template <batch_scorer Model> [[nodiscard]] result<void> batch_equals_rows(const Model& model, const mixed_columns& x) {
  const std::size_t n = x.rows;
  std::vector<std::size_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = i;
  std::vector<double> batch(n), got(n);
  model(x, std::span<double>(batch));

  std::vector<float> numbers(x.number_columns);
  std::vector<std::uint32_t> codes(x.code_columns);
  for (std::size_t i = 0; i < n; ++i) {
    x.gather(i, numbers.data(), codes.data());
    got[i] = static_cast<double>(model(mixed_row{numbers, codes}));
  }
  if (auto ok = detail::same_scores("row == batch", got, batch, all); !ok) return ok;

  for_each_chunk(sequential{}, n, detail::piece_rows, [&](std::size_t a, std::size_t b) {
    model(x.slice(a, b - a), std::span<double>(got).subspan(a, b - a));
  });
  if (auto ok = detail::same_scores("slice == batch", got, batch, all); !ok) return ok;

  const auto rows = detail::some_rows(n);
  std::vector<float> number_columns(x.number_columns * rows.size());
  std::vector<std::uint32_t> code_columns(x.code_columns * rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    for (std::size_t j = 0; j < x.number_columns; ++j) number_columns[j * rows.size() + k] = x.number(j)[rows[k]];
    for (std::size_t j = 0; j < x.code_columns; ++j) code_columns[j * rows.size() + k] = x.code(j)[rows[k]];
  }
  got.resize(rows.size());
  model(mixed_columns{rows.size(), x.number_columns, x.code_columns, rows.size(), number_columns.data(),
                      code_columns.data()},
        std::span<double>(got));
  return detail::same_scores("subset == batch", got, batch, rows);
}

/// Row == batch == slice == subset == any executor, bit for bit, of a fitted pipeline. O(rows); allocates copies.
/// `Table` is the pipeline's table.
template <class Pipeline, class Table, executor Ex = sequential>
  requires requires(const Pipeline& p, const Table& t) { p(t).info(); }
[[nodiscard]] result<void> table_equals_rows(const Pipeline& features, const Table& table, Ex&& ex = {}) {
  const auto batch = features(table);
  const auto info = batch.info();
  const auto differ = [&](std::string_view law, std::size_t row, std::size_t f, double got, double wanted) {
    return broken(law, "row " + std::to_string(row) + ", feature '" + info[f].name + "' is " + digits(got) +
                           ", in the batch " + digits(wanted));
  };
  const auto compare = [&](std::string_view law, const auto& got, std::size_t at, std::size_t row) -> result<void> {
    for (std::size_t j = 0; j < batch.number_columns(); ++j)
      if (const float a = got.number(j)[at], b = batch.number(j)[row]; bits(a) != bits(b))
        return differ(law, row, j, static_cast<double>(a), static_cast<double>(b));
    for (std::size_t j = 0; j < batch.code_columns(); ++j)
      if (const std::uint32_t a = got.code(j)[at], b = batch.code(j)[row]; a != b)
        return differ(law, row, batch.number_columns() + j, a, b);
    return {};
  };
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto row = features(table.row(i));
    for (std::size_t j = 0; j < batch.number_columns(); ++j)
      if (bits(row.numbers[j]) != bits(batch.number(j)[i]))
        return differ("row == batch", i, j, static_cast<double>(row.numbers[j]),
                      static_cast<double>(batch.number(j)[i]));
    for (std::size_t j = 0; j < batch.code_columns(); ++j)
      if (row.codes[j] != batch.code(j)[i])
        return differ("row == batch", i, batch.number_columns() + j, row.codes[j], batch.code(j)[i]);
  }
  for (std::size_t first = 0; first < table.size(); first += detail::piece_rows) {
    const std::size_t count = (std::min)(detail::piece_rows, table.size() - first);
    const auto piece = features.rows(table, first, count);
    for (std::size_t i = 0; i < count; ++i)
      if (auto ok = compare("slice == batch", piece, i, first + i); !ok) return ok;
  }
  const auto rows = detail::some_rows(table.size());
  const auto subset = features(table.gather(rows));
  for (std::size_t k = 0; k < rows.size(); ++k)
    if (auto ok = compare("subset == batch", subset, k, rows[k]); !ok) return ok;
  const auto together = features(table, ex);
  for (std::size_t i = 0; i < table.size(); ++i)
    if (auto ok = compare("executor == batch", together, i, i); !ok) return ok;
  return {};
}

/// The same of a pipeline with a model behind it.
template <class Scores, class Table, executor Ex = sequential>
  requires requires(const Scores& s, const Table& t) { std::span<const double>(s(t)); }
[[nodiscard]] result<void> table_equals_rows(const Scores& scores, const Table& table, Ex&& ex = {}) {
  const std::size_t n = table.size();
  std::vector<std::size_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = i;
  const std::vector<double> batch = scores(table);
  std::vector<double> got(n);
  for (std::size_t i = 0; i < n; ++i) got[i] = static_cast<double>(scores(table.row(i)));
  if (auto ok = detail::same_scores("row == batch", got, batch, all); !ok) return ok;
  if (auto ok = detail::same_scores("executor == batch", scores(table, ex), batch, all); !ok) return ok;
  const auto rows = detail::some_rows(n);
  return detail::same_scores("subset == batch", scores(table.gather(rows)), batch, rows);
}

}  // namespace mlsd::laws
