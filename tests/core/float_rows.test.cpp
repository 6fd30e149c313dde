#include "mlsd/core/float_rows.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"

#include <bit>
#include <vector>

namespace test_float_rows {
using namespace mlsd;

TEST_CASE("float_rows: products of rows, in the same bits for every instruction set") {
  for (std::size_t d : {1u, 3u, 8u, 9u, 31u, 64u, 100u}) {
    const std::size_t width = padded_width(d), n = 7;
    CHECK((width >= d && width % 8 == 0 && width < d + 8));
    random_stream draw(d);
    std::vector<float> rows(n * width, 0.0f), x(width, 0.0f), out(n), portable(n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d; ++j) rows[i * width + j] = static_cast<float>(draw.normal());
    for (std::size_t j = 0; j < d; ++j) x[j] = static_cast<float>(draw.normal());
    const matrix_view<const float> view{rows.data(), n, d, width};
    row_products(view, x, out);
    detail::float_rows::dots_portable(view, x.data(), portable.data());
    for (std::size_t i = 0; i < n; ++i) {
      double exact = 0;
      float lane[8] = {};
      for (std::size_t j = 0; j < width; ++j) exact += double{rows[i * width + j]} * double{x[j]};
      CHECK(double{out[i]} == Approx(exact).margin(1e-4));
      CHECK(std::bit_cast<std::uint32_t>(out[i]) == std::bit_cast<std::uint32_t>(portable[i]));
      for (std::size_t j = 0; j < width; ++j) {
        const volatile float product = rows[i * width + j] * x[j];  // rounded, whatever the compiler would fuse
        lane[j % 8] += product;
      }
      const float sum = ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
      CHECK(std::bit_cast<std::uint32_t>(out[i]) == std::bit_cast<std::uint32_t>(sum));
    }
  }
  row_products({}, {}, {});
}

TEST_CASE("float_rows: rows add up in their order, lane by lane") {
  for (std::size_t d : {1u, 8u, 20u, 64u, 90u, 150u}) {
    const std::size_t width = padded_width(d), n = 9;
    random_stream draw(d);
    std::vector<float> rows(n * width), w(n), y(width), expected(width);
    for (auto* m : {&rows, &w, &y})
      for (float& x : *m) x = static_cast<float>(draw.normal());
    for (std::size_t i = 0; i < width; ++i) {
      expected[i] = y[i];
      for (std::size_t j = 0; j < n; ++j) {
        const volatile float product = w[j] * rows[j * width + i];
        expected[i] += product;
      }
    }
    detail::float_rows::add_rows_times({rows.data(), n, d, width}, w.data(), y.data(), width);
    for (std::size_t i = 0; i < width; ++i) CHECK(double{y[i]} == Approx(double{expected[i]}).margin(1e-6));
  }
}

}  // namespace test_float_rows
