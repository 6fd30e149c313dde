#include "mlsd/training/gbdt/binned_matrix.hpp"

#include "catch.hpp"

#include <limits>
#include <vector>

namespace test_binned_matrix {

using namespace mlsd;
using detail::binned_matrix;

feature_matrix table(std::size_t n) {
  std::vector<feature_info> info(10);
  info[9].cardinality = 3000;
  feature_matrix x(info, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 9; ++j) x.number(j)[i] = static_cast<float>((i * (j + 3)) % 50);
    x.number(1)[i] = 7;  // constant
    if (i % 10 == 0) x.number(2)[i] = (std::numeric_limits<float>::quiet_NaN)();
    x.code(0)[i] = static_cast<std::uint32_t>(i * 17 % 3000);
  }
  return x;
}

TEST_CASE("binned matrix: constants are dropped, wide codes get two bytes, bins agree with the cuts") {
  const feature_matrix x = table(6000);
  sequential ex;
  const binned_matrix b(x, {}, {.bins = 255, .category_bins = 4096, .seed = 1}, ex);
  REQUIRE(b.features().size() == 9);
  REQUIRE(b.blocks().size() == 2);
  CHECK(b.blocks()[0].width == 8);
  CHECK(b.blocks()[0].bin_bytes == 1);
  CHECK(b.blocks()[1].width == 1);
  CHECK(b.blocks()[1].bin_bytes == 2);
  std::size_t wrong = 0, total = 0;
  for (const auto& f : b.features()) {
    CHECK(f.column != 1);
    CHECK(f.has_special == (f.column == 2 || f.is_code));
    CHECK(f.first_bin == total);
    total += f.bins();
    b.with_reader(f, [&](auto bin) {
      for (std::size_t i = 0; i < x.rows(); ++i) {
        const std::size_t k = bin(b.bytes(f.block) + i * binned_matrix::row_bytes);
        if (f.is_code) {
          wrong += k < f.ordinary && b.code(f, k) != x.code(0)[i];
        } else if (x.number(f.column)[i] != x.number(f.column)[i]) {
          wrong += k != f.ordinary;
        } else {
          wrong += !(x.number(f.column)[i] <= b.threshold(f, k));
          wrong += k > 0 && x.number(f.column)[i] <= b.threshold(f, k - 1);
        }
      }
    });
  }
  CHECK(wrong == 0);
  CHECK(b.total_bins() == total);
}

TEST_CASE("binned matrix: rows of weight zero do not decide where features are cut") {
  feature_matrix x(std::vector<feature_info>(1), 4);
  x.number(0)[0] = 1;
  x.number(0)[1] = 2;
  x.number(0)[2] = 3;
  x.number(0)[3] = (std::numeric_limits<float>::quiet_NaN)();
  sequential ex;
  const binned_matrix b(x, std::vector<float>{1, 0, 1, 0}, {}, ex);
  REQUIRE(b.features().size() == 1);
  CHECK(b.features()[0].bins() == 2);
  CHECK(b.threshold(b.features()[0], 0) == 2.0f);
}

}  // namespace test_binned_matrix
