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
  const feature_matrix x = table(2 * binned_matrix::rows_at_once + 100);
  sequential ex;
  const binned_matrix b(x, {}, {.bins = 255, .category_bins = 4096, .seed = 1}, ex);
  REQUIRE(b.features().size() == 9);
  REQUIRE(b.blocks().size() == 2);
  CHECK(b.blocks()[0].features == 8);
  CHECK(b.blocks()[0].width < 8);  // some share a lane
  CHECK(b.blocks()[0].bin_bytes == 1);
  CHECK(b.blocks()[1].width == 1);
  CHECK(b.blocks()[1].bin_bytes == 2);
  const auto is_rare = [&](const binned_matrix::feature& f, std::uint32_t code) {
    for (std::size_t k = 0; k < f.ordinary; ++k)
      if (b.code(f, k) == code) return false;
    return true;
  };
  std::size_t wrong = 0, total = 0;
  for (const auto& f : b.features()) {
    CHECK(f.column != 1);
    CHECK(f.has_special == (f.column == 2 || f.is_code));
    CHECK(f.first_bin == total);
    total += f.bins();
    {
      for (std::size_t i = 0; i < x.rows(); ++i) {
        const std::size_t k = b.bin(f, i);
        if (f.is_code) {
          wrong += k < f.ordinary ? b.code(f, k) != x.code(0)[i] : !is_rare(f, x.code(0)[i]);
        } else if (x.number(f.column)[i] != x.number(f.column)[i]) {
          wrong += k != f.ordinary;
        } else {
          wrong += !(x.number(f.column)[i] <= b.threshold(f, k));
          wrong += k > 0 && x.number(f.column)[i] <= b.threshold(f, k - 1);
        }
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(b.total_bins() == total);
}

TEST_CASE("binned matrix: columns of a one-hot code take as many bytes a row as their code would") {
  constexpr std::size_t n = binned_matrix::rows_at_once + 6000;
  std::vector<feature_info> info(100);
  feature_matrix x(info, n);
  for (std::size_t i = 0; i < n; ++i) x.number(i * i % 50)[i] = x.number(50 + i * 7 % 50)[i] = 1;
  sequential ex;
  const binned_matrix b(x, {}, {}, ex);
  std::size_t lanes = 0, wrong = 0;
  for (const auto& block : b.blocks()) lanes += block.width;
  CHECK(lanes == b.lanes().size());
  CHECK(lanes <= 2);
  for (const auto& f : b.features())
    for (std::size_t i = 0; i < n; ++i) wrong += b.bin(f, i) != (x.number(f.column)[i] == 1 ? 1u : 0u);
  CHECK(wrong == 0);
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

TEST_CASE("binned matrix: what only rows of weight zero have is nobody's bin, in shared lanes too") {
  feature_matrix x(std::vector<feature_info>(2), 4);
  for (std::size_t j = 0; j < 2; ++j)
    for (std::size_t i = 0; i < 3; ++i) x.number(j)[i] = static_cast<float>(i * (j + 1) % 3);
  x.number(0)[3] = x.number(1)[3] = (std::numeric_limits<float>::quiet_NaN)();
  sequential ex;
  const binned_matrix b(x, std::vector<float>{1, 1, 1, 0}, {}, ex);
  REQUIRE(b.features().size() == 2);
  CHECK(b.lanes().size() == 1);
  for (const auto& f : b.features())
    for (std::size_t i = 0; i < 4; ++i) CHECK(b.bin(f, i) < f.bins());
}

}  // namespace test_binned_matrix
