#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/core/sparse_row.hpp"
#include "mlsd/scoring/linear_layout.hpp"
#include "mlsd/scoring/link.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// What a `linear_model` is made of: margin = bias + weights of what the row holds, answer = link(margin).
/// `weight` is [layout.size()], in the order that `linear_layout` states.
struct linear_parts {
  link_function output = link_function::logistic;
  double bias = 0;
  linear_layout layout{};
  std::vector<float> weight{};
  friend bool operator==(const linear_parts&, const linear_parts&) = default;
};

/// Linear (or logistic) model over numbers and codes; an immutable value.
/// margin = bias + sum of weight * number + sum of the weights of the codes.
/// O(features) a row; nothing allocates. A row must have the columns of the layout; safe from any number of threads.
/// A number that is NaN or infinite adds the weight of "missing" instead; -0.0 is 0; a code outside its column's
/// cardinality adds 0. The margin is therefore always finite.
/// Weights and numbers are float, so every product is exact in double, and sums run in one fixed order: a row, a batch,
/// any slice of it and any compiler flags (FMA or not) give the same bits. Each addition rounds by at most 2^-53.
class linear_model {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "linear";

  linear_model() = default;
  template <class = void> [[nodiscard]] static result<linear_model> make(linear_parts parts) {
    linear_model m;
    m.parts_ = std::move(parts);
    if (auto r = m.validate(); !r) return r.error();
    return m;
  }

  [[nodiscard]] std::size_t number_columns() const noexcept { return parts_.layout.numbers(); }
  [[nodiscard]] std::size_t code_columns() const noexcept { return parts_.layout.codes(); }
  [[nodiscard]] std::size_t width() const noexcept { return number_columns() + code_columns(); }
  [[nodiscard]] link_function output() const noexcept { return parts_.output; }
  [[nodiscard]] double bias() const noexcept { return parts_.bias; }
  [[nodiscard]] const linear_layout& layout() const noexcept { return parts_.layout; }
  [[nodiscard]] std::span<const float> weight() const noexcept { return parts_.weight; }
  /// Weights that are not zero.
  [[nodiscard]] std::size_t active() const noexcept {
    std::size_t n = 0;
    for (const float w : parts_.weight) n += w != 0;
    return n;
  }

  /// The margin, before the link.
  [[nodiscard]] double raw(const mixed_row& row) const noexcept {
    const linear_layout& at = parts_.layout;
    assert(row.numbers.size() == at.numbers() && row.codes.size() == at.codes());
    const double numbers =
        detail::sum_in_lanes(at.numbers(), [&](std::size_t j) { return number_term(j, row.numbers[j]); });
    const double codes = detail::sum_in_lanes(at.codes(), [&](std::size_t j) { return code_term(j, row.codes[j]); });
    return (parts_.bias + numbers) + codes;
  }
  /// Entries index the first `layout().sparse_width()` weights; others add 0, as does a value that is not finite.
  [[nodiscard]] double raw(const sparse_row& row) const noexcept {
    const std::size_t width = parts_.layout.sparse_width();
    if (width == 0) return parts_.bias;
    return parts_.bias + detail::sum_in_lanes(row.size(), [&](std::size_t i) {
             const std::size_t at = row.index[i];
             const float x = row.value_of(i);
             const bool known = at < width && is_present(x);
             return double{parts_.weight[known ? at : 0]} * double{known ? x : 0.0f};
           });
  }
  /// Margins [rows] into `out`, column by column in tiles.
  void raw(const mixed_columns& x, std::span<double> out) const noexcept {
    assert(out.size() == x.rows);
    assert(x.number_columns == parts_.layout.numbers() && x.code_columns == parts_.layout.codes());
    std::size_t first = 0;
    for (; first + tile <= x.rows; first += tile) tile_margins<true>(x, first, tile, out.data() + first);
    if (first < x.rows) tile_margins<false>(x, first, x.rows - first, out.data() + first);
  }

  [[nodiscard]] double operator()(const mixed_row& row) const noexcept { return apply(parts_.output, raw(row)); }
  [[nodiscard]] double operator()(const sparse_row& row) const noexcept { return apply(parts_.output, raw(row)); }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    raw(x, out);
    for (double& v : out) v = apply(parts_.output, v);
  }
  /// The same, in pieces of 4,096 rows on the threads of `ex`.
  template <executor Ex> void raw(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { raw(x.slice(a, b - a), out.subspan(a, b - a)); });
  }
  template <executor Ex> void operator()(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { (*this)(x.slice(a, b - a), out.subspan(a, b - a)); });
  }

  friend bool operator==(const linear_model&, const linear_model&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("output", self.parts_.output);
    ar("bias", self.parts_.bias);
    ar("layout", self.parts_.layout);
    ar("weight", self.parts_.weight);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto r = parts_.layout.validate(); !r) return r;
    if (!known(parts_.output) || !is_of_one_margin(parts_.output))
      return error{errc::corrupt, "linear model: unknown link, or one of several margins"};
    if (!std::isfinite(parts_.bias)) return error{errc::not_finite, "linear model: the bias is not finite"};
    if (parts_.weight.size() != parts_.layout.size())
      return error{errc::corrupt, "linear model: " + std::to_string(parts_.weight.size()) + " weights where " +
                                      std::to_string(parts_.layout.size()) + " are needed"};
    for (std::size_t i = 0; i < parts_.weight.size(); ++i)
      if (!is_present(parts_.weight[i]))
        return error{errc::not_finite, "linear model: weight " + std::to_string(i) + " is not finite"};
    return {};
  }

 private:
  static constexpr std::size_t tile = 128;

  [[nodiscard]] double number_term(std::size_t j, float x) const noexcept {
    return is_present(x) ? double{parts_.weight[j]} * double{x} : double{parts_.weight[parts_.layout.missing(j)]};
  }
  [[nodiscard]] double code_term(std::size_t j, std::uint32_t code) const noexcept {
    const std::size_t at = parts_.layout.code(j, code);
    return at != linear_layout::nowhere ? double{parts_.weight[at]} : 0.0;
  }

  /// The lanes of `sum_in_lanes`, for all rows of a tile at once. A constant trip count lets compilers vectorise.
  template <bool Full>
  void tile_margins(const mixed_columns& x, std::size_t first, std::size_t rows, double* out) const noexcept {
    const std::size_t n = Full ? tile : rows;
    const linear_layout& at = parts_.layout;
    double lane[4][tile];
    const auto clear = [&] {
      for (auto& l : lane)
        for (std::size_t i = 0; i < tile; ++i) l[i] = 0;
    };
    clear();
    for (std::size_t j = 0; j < at.numbers(); ++j) {
      const float* column = x.numbers + j * x.stride + first;
      double* sum = lane[j % 4];
      const double w = double{parts_.weight[j]}, missing = double{parts_.weight[at.missing(j)]};
      for (std::size_t i = 0; i < n; ++i) {
        const double product = w * double{column[i]};
        sum[i] += is_present(column[i]) ? product : missing;
      }
    }
    for (std::size_t i = 0; i < n; ++i) out[i] = parts_.bias + ((lane[0][i] + lane[1][i]) + (lane[2][i] + lane[3][i]));
    clear();
    for (std::size_t j = 0; j < at.codes(); ++j) {
      const std::uint32_t* column = x.codes + j * x.stride + first;
      double* sum = lane[j % 4];
      for (std::size_t i = 0; i < n; ++i) sum[i] += code_term(j, column[i]);
    }
    for (std::size_t i = 0; i < n; ++i) out[i] += (lane[0][i] + lane[1][i]) + (lane[2][i] + lane[3][i]);
  }

  linear_parts parts_{};
};

}  // namespace mlsd
