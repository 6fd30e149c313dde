// A table of numbers that are mostly 0, dense and sparse.
#pragma once

#include "mlsd/core/random.hpp"
#include "mlsd/data/training_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace sparse_rows {

using namespace mlsd;

/// The numbers of a dense matrix without its zeros; `keep_some` keeps every third row's zeros in column 0.
inline sparse_matrix sparse_of(const feature_matrix& x, bool keep_some = false) {
  std::vector<std::uint64_t> offset{0};
  std::vector<std::uint32_t> index;
  std::vector<float> value;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = x.number_columns(); j-- > 0;) {  // from the last: any order will do
      if (x.number(j)[i] == 0 && !(keep_some && j == 0 && i % 3 == 0)) continue;
      index.push_back(static_cast<std::uint32_t>(j));
      value.push_back(x.number(j)[i]);
    }
    offset.push_back(index.size());
  }
  return sparse_matrix::from_rows({x.info().begin(), x.info().end()}, {offset, index, value, x.number_columns()})
      .value();
}
inline labelled_sparse sparse_of(const labelled_matrix& m, bool keep_some = false) {
  return {sparse_of(m.x, keep_some), m.label, m.weight, m.group};
}

/// `fields` one-hot codes of `values` columns each, then counts, flags, real numbers and a column with holes; column 0
/// is -0 at times. The label follows some of them.
inline labelled_matrix table(std::size_t n, std::uint64_t seed, std::size_t fields = 3, std::size_t values = 20) {
  const std::size_t hot = fields * values, columns = hot + 8;
  std::vector<feature_info> info(columns);
  for (std::size_t j = 0; j < columns; ++j) info[j].name = std::string("x").append(std::to_string(j));
  labelled_matrix m{feature_matrix(std::move(info), n), std::vector<float>(n), {}, {}};
  random_stream random(seed);
  for (std::size_t i = 0; i < n; ++i) {
    double margin = -0.5;
    for (std::size_t f = 0; f < fields; ++f) {
      const double u = random.uniform();
      const auto v = static_cast<std::size_t>(u * u * static_cast<double>(values));
      m.x.number(f * values + v)[i] = 1;
      margin += v % 3 == 0 ? 1 : -0.4;
    }
    if (random.bernoulli(0.1)) m.x.number(0)[i] = -0.0f;
    for (std::size_t j = hot; j < columns; ++j) {
      if (!random.bernoulli(0.3)) continue;
      const double x = random.normal();
      const std::size_t kind = j % 4;
      float& to = m.x.number(j)[i];
      to = kind == 0   ? static_cast<float>(x)
           : kind == 1 ? static_cast<float>(1 + (i * 7) % 5)
           : kind == 2 ? -1.0f
                       : 1.0f;
      if (kind == 3 && random.bernoulli(0.2)) to = (std::numeric_limits<float>::quiet_NaN)();
      if (kind == 0) margin += x;
      if (to != to) margin += 1.5;
    }
    m.label[i] = random.uniform() < 1 / (1 + (margin > 0 ? 0.3 : 3)) ? 1.0f : 0.0f;
  }
  return m;
}

/// Weights of many sizes, some 0.
inline void weigh(labelled_matrix& m, std::uint64_t seed) {
  random_stream random(seed);
  m.weight.resize(m.rows());
  for (float& w : m.weight) w = random.bernoulli(0.1) ? 0.0f : static_cast<float>(random.uniform() * random.uniform());
}

}  // namespace sparse_rows
