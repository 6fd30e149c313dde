/// The data that the benchmarks share; the same bits on every machine.
#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// A record of N floats with the names "c000", "c001", ... and a label.
template <std::size_t I> struct wide_cell {
  float value = 0;
};
template <class Indices> struct wide_cells;
template <std::size_t... I> struct wide_cells<std::index_sequence<I...>> : wide_cell<I>... {
  bool clicked = false;
};
template <std::size_t N> using wide_record = wide_cells<std::make_index_sequence<N>>;

template <std::size_t I> [[nodiscard]] consteval auto wide_name() {
  const char text[] = {'c', char('0' + I / 100), char('0' + I / 10 % 10), char('0' + I % 10), 0};
  return mlsd::fixed_string(text);
}
template <std::size_t... I> [[nodiscard]] consteval auto wide_schema(std::index_sequence<I...> all) {
  using record = wide_cells<decltype(all)>;
  return mlsd::schema{(mlsd::feature<wide_name<I>()>{} = static_cast<float record::*>(&wide_cell<I>::value))...,
                      mlsd::feature<"clicked">{} = mlsd::label(&record::clicked)};
}
template <std::size_t N> inline constexpr auto wide = wide_schema(std::make_index_sequence<N>{});

/// Amounts with a long tail, 5% missing.
[[nodiscard]] inline std::vector<float> amounts(std::size_t n, std::uint64_t seed) {
  mlsd::random_stream random(seed);
  std::vector<float> x(n);
  for (float& v : x) {
    v = static_cast<float>(mlsd::math::exp(random.normal(2, 1)));
    if (random.bernoulli(0.05)) v = (std::numeric_limits<float>::quiet_NaN)();
  }
  return x;
}
template <std::size_t N> [[nodiscard]] mlsd::frame<wide<N>> wide_table(std::size_t rows) {
  mlsd::frame<wide<N>> t(rows);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((t.template column_at<I>() = amounts(rows, I)), ...);
  }(std::make_index_sequence<N>{});
  for (std::size_t i = 0; i < rows; ++i) t[mlsd::feature<"clicked">{}][i] = i % 5 == 0;
  return t;
}

/// Rows for boosted trees [n, 28], 5% of the cells missing: the margin has steps, products and lines in it.
[[nodiscard]] inline mlsd::labelled_matrix physics_like(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t width = 28;
  std::vector<mlsd::feature_info> info;
  for (std::size_t j = 0; j < width; ++j) info.push_back({std::string("x").append(std::to_string(j)), 0});
  mlsd::labelled_matrix m{mlsd::feature_matrix(std::move(info), n), std::vector<float>(n), {}, {}};
  mlsd::random_stream random(seed);
  for (std::size_t i = 0; i < n; ++i) {
    std::array<double, width> x{};
    for (double& v : x) v = random.normal();
    const double margin = x[0] * x[1] + (x[2] > 0.5 ? 1.0 : -0.5) + 0.7 * x[3] - 0.5 * x[4] * x[4] +
                          (x[5] > 0 && x[6] < 0 ? 1.2 : 0.0) + 0.3 * x[7] * x[8] * x[9] + 0.4 * x[10];
    m.label[i] = random.bernoulli(mlsd::math::sigmoid(margin)) ? 1.0f : 0.0f;
    for (std::size_t j = 0; j < width; ++j)
      m.x.number(j)[i] = random.bernoulli(0.05) ? (std::numeric_limits<float>::quiet_NaN)() : static_cast<float>(x[j]);
  }
  return m;
}

}  // namespace bench
