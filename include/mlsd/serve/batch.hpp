#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <utility>

namespace mlsd {

/// How a table is scored into a sink.
struct batch_config {
  std::size_t rows = 65'536;  ///< scored and handed on at a time, at least 1
};

/// Scores a table piece by piece and hands each piece, in order, to `write(first_row, scores)`, which returns
/// `result<void>`: a database, a file. The first error ends it. `model` scores rows [first, first + n):
/// `model.rows(table, first, n, ex)`. Returns the number of rows written.
/// Memory: one piece, however long the table. The same bits as one row at a time.
template <class Model, class Table, class Write, executor Ex = sequential>
[[nodiscard]] result<std::size_t> score_into(const Model& model, const Table& table, Write&& write,
                                             batch_config config = {}, Ex&& ex = {}) {
  if (config.rows == 0) return error{errc::invalid_argument, "batch: no rows in a piece"};
  for (std::size_t first = 0; first < table.size(); first += config.rows) {
    const std::size_t n = (std::min)(config.rows, table.size() - first);
    const auto scores = model.rows(table, first, n, ex);
    if (result<void> written = write(first, std::span(scores)); !written) return written.error();
  }
  return table.size();
}

}  // namespace mlsd
