#include "mlsd/training/gbdt/histogram.hpp"

#include "catch.hpp"

#include <cmath>
#include <vector>

namespace test_gbdt_histogram {

using namespace mlsd::detail;

TEST_CASE("gbdt histogram: sums keep rows, gradients and hessians apart, within the stated precision") {
  for (const std::size_t rows : {1ul, 1000ul, 1000000ul, 16000000ul}) {
    const slope_scale scale(3.0, 0.25, rows);
    slope_sum sum;
    double g = 0, h = 0;
    for (int i = 0; i < 1000; ++i) {
      const float gradient = std::sin(static_cast<float>(i)) * 3,
                  hessian = 0.25f * std::fabs(std::cos(static_cast<float>(i)));
      if (static_cast<std::size_t>(i) >= rows) break;
      sum = sum + scale.widen(scale(gradient, hessian));
      g += static_cast<double>(gradient);
      h += static_cast<double>(hessian);
    }
    const std::size_t added = rows < 1000 ? rows : 1000;
    CHECK(scale.count(sum) == added);
    CHECK(scale.gradient(sum) == Approx(g).margin(1000 * 3 * 0x1p-29));
    CHECK(scale.hessian(sum) == Approx(h).margin(1000 * 0.25 * (rows > 1000000 ? 0x1p-15 : 0x1p-23)));
  }
}

TEST_CASE("gbdt histogram: the largest count and hessian do not run into each other") {
  // As many rows as fit, all with the largest hessian: the packed word is full but not over.
  const std::size_t rows = (std::size_t{1} << 27) - 1;
  const slope_scale scale(1.0, 1.0, rows);
  slope_sum sum;
  sum.v = scale.widen(scale(1.0f, 1.0f)).v * static_cast<std::int64_t>(rows);
  CHECK(scale.count(sum) == rows);
  CHECK(scale.hessian(sum) == static_cast<double>(rows));
  CHECK(scale.gradient(sum) == static_cast<double>(rows));
  const slope_scale largest(1.0, 1.0, slope_scale::most_rows);
  CHECK(largest.count(largest.widen(largest(1.0f, 1.0f))) == 1);
}

TEST_CASE("gbdt histogram: zero slopes are fine") {
  const slope_scale scale(0, 0, 5);
  CHECK(scale.gradient(scale.widen(scale(0, 0))) == 0);
  CHECK(scale.count(scale.widen(scale(0, 0))) == 1);
}

TEST_CASE("gbdt histogram: every width, both byte sizes and every scale add each row to its bin") {
  constexpr std::size_t n = 20000;
  std::vector<std::uint8_t> bytes(n * 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 % 4);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < n; ++i)
    if (i % 7 != 0) rows.push_back(i);
  for (const int bits : {0, 4, 9, 13}) {
    const slope_scale scale = bits == 0 ? slope_scale(1.0, 1.0, n) : slope_scale::coarse(1.0, 1.0, n, bits, 3);
    std::vector<row_slope> slopes;
    for (const std::uint32_t i : rows)
      slopes.push_back(row_slope::of_floats(i % 2 == 0 ? 1.0f : -static_cast<float>(i) / n, i % 3 == 0 ? 1.0f : 0.5f));
    scale.to_fixed_point(slopes);
    for (const std::size_t bin_bytes : {1u, 2u})
      for (std::size_t width = 1; width <= 8 / bin_bytes; ++width) {
        std::vector<std::vector<slope_sum>> h(width, std::vector<slope_sum>(1024)), expected = h;
        block_histograms to;
        to.bin_bytes = bin_bytes;
        for (auto& one : h) to.sums[to.width] = one.data(), to.bins[to.width++] = 4;
        accumulate_block(bytes.data(), rows, slopes.data(), scale, to);
        for (std::size_t i = 0; i < rows.size(); ++i)
          for (std::size_t f = 0; f < width; ++f) {
            std::uint16_t wide;
            std::memcpy(&wide, &bytes[rows[i] * 8 + 2 * (f % 4)], 2);
            auto& cell = expected[f][bin_bytes == 1 ? bytes[rows[i] * 8 + f] : wide];
            cell = cell + scale.widen(slopes[i]);
          }
        std::size_t wrong = 0;
        for (std::size_t f = 0; f < width; ++f)
          for (std::size_t k = 0; k < 1024; ++k)
            wrong += h[f][k].gradient() != expected[f][k].gradient() || h[f][k].packed() != expected[f][k].packed();
        CHECK(wrong == 0);
      }
  }
}

TEST_CASE("gbdt histogram: a coarse scale is right on average, and holds a chunk of the largest slopes") {
  for (const int bits : {4, 8, 13}) {
    const std::size_t n = 300000;
    const slope_scale scale = slope_scale::coarse(1.0, 0.25, n, bits, 7);
    std::vector<row_slope> slopes(n, row_slope::of_floats(-0.0123f, 0.0456f));
    slopes[0] = row_slope::of_floats(1.0f, 0.25f);
    scale.to_fixed_point(slopes);
    slope_sum sum;
    for (const row_slope& s : slopes) sum = sum + scale.widen(s);
    const double step = 2.0 / (1 << bits), four_sigma = 4 * step * 0.5 * std::sqrt(static_cast<double>(n));
    CHECK(scale.count(sum) == n);
    CHECK(scale.gradient(sum) == Approx(-0.0123 * n).margin(four_sigma + 1));
    CHECK(scale.hessian(sum) == Approx(0.0456 * n).margin(four_sigma + 1));
    for (const float sign : {1.0f, -1.0f}) {
      std::vector<row_slope> most(1, row_slope::of_floats(sign, 0.25f));
      scale.to_fixed_point(most);
      const slope_sum chunk = scale.widen(scale.narrow(most[0]) * scale.chunk_rows());
      CHECK(scale.count(chunk) == scale.chunk_rows());
      CHECK(scale.gradient(chunk) == static_cast<double>(sign) * static_cast<double>(scale.chunk_rows()));
      CHECK(scale.hessian(chunk) == 0.25 * static_cast<double>(scale.chunk_rows()));
    }
  }
}

}  // namespace test_gbdt_histogram
