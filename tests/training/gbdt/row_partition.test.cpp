#include "mlsd/training/gbdt/row_partition.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

#include <algorithm>
#include <vector>

namespace test_row_partition {

using namespace mlsd;

TEST_CASE("row partition: both sides keep their order, whatever the bins and the number of rows") {
  random_stream random(3);
  for (const std::size_t bin_bytes : {1u, 2u})
    for (const std::size_t n : {0u, 1u, 15u, 16u, 17u, 40u, 1000u}) {
      const std::size_t matrix_rows = 3 * n + 1, bins = bin_bytes == 1 ? 256 : 5000, place = 1;
      std::vector<std::uint8_t> bytes(matrix_rows * 8), is_left(bins);
      std::vector<std::size_t> bin_of(matrix_rows);
      for (auto& l : is_left) l = random.bernoulli(0.3) ? 1 : 0;
      for (std::size_t r = 0; r < matrix_rows; ++r) {
        bin_of[r] = static_cast<std::size_t>(random.uniform() * static_cast<double>(bins));
        bytes[r * 8 + place * bin_bytes] = static_cast<std::uint8_t>(bin_of[r]);
        if (bin_bytes == 2) bytes[r * 8 + place * bin_bytes + 1] = static_cast<std::uint8_t>(bin_of[r] >> 8);
      }
      std::vector<std::uint32_t> rows, left_rows(n), right(n);
      for (std::uint32_t r = 0; r < n; ++r) rows.push_back(3 * r + 1);
      auto expected = rows;
      const auto middle = std::stable_partition(expected.begin(), expected.end(),
                                                [&](std::uint32_t r) { return is_left[bin_of[r]] == 1; });
      const auto* const bins_at = bytes.data() + place * bin_bytes;
      const auto left = detail::part_rows(bin_bytes, rows, bins_at, is_left.data(), left_rows.data(), right.data());
      REQUIRE(left == static_cast<std::size_t>(middle - expected.begin()));
      left_rows.resize(left);
      left_rows.insert(left_rows.end(), right.begin(), right.end() - static_cast<std::ptrdiff_t>(left));
      CHECK(left_rows == expected);
      // In place.
      REQUIRE(detail::part_rows(bin_bytes, rows, bins_at, is_left.data(), rows.data(), right.data()) == left);
      std::copy_n(right.begin(), n - left, rows.begin() + static_cast<std::ptrdiff_t>(left));
      CHECK(rows == expected);
    }
}

TEST_CASE("row partition: placed rows have their slopes beside them") {
  std::vector<detail::row_slope> slopes(100), beside(40);
  for (std::uint32_t r = 0; r < 100; ++r) slopes[r] = {static_cast<std::int32_t>(r) - 50, r};
  std::vector<std::uint32_t> rows, to(40, 7);
  for (std::uint32_t r = 0; r < 40; ++r) rows.push_back(2 * r + 3);
  detail::place_rows(rows, to.data(), slopes.data(), beside.data());
  CHECK(to == rows);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(beside[i].hessian == rows[i]);
  detail::place_rows(rows, rows.data(), slopes.data(), nullptr);
  CHECK(to == rows);
}

}  // namespace test_row_partition
