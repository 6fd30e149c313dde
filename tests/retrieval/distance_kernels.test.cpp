#include "mlsd/retrieval/distance_kernels.hpp"

#include "mlsd/core/random.hpp"

#include <bit>
#include <cstdint>
#include <vector>

#include "catch.hpp"

namespace test_distance_kernels {
using namespace mlsd;

/// The definition: 32 lanes in order, folded in halves.
template <bool Squared> float by_definition(const float* a, const float* b, std::size_t n) {
  volatile float lane[32] = {};  // volatile: each product and sum is rounded to float
  for (std::size_t i = 0; i < n; ++i) {
    const volatile float difference = a[i] - b[i];
    const volatile float product = Squared ? difference * difference : a[i] * b[i];
    if (Squared)
      lane[i % 32] = lane[i % 32] + product;
    else
      lane[i % 32] = lane[i % 32] - product;
  }
  for (std::size_t half = 16; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) lane[i] = lane[i] + lane[i + half];
  return lane[0];
}

std::vector<isa> present() {
  std::vector<isa> sets{isa::portable};
  if (detected_isa() >= isa::avx2) sets.push_back(isa::avx2);
  if (detected_isa() >= isa::avx512) sets.push_back(isa::avx512);
  return sets;
}
std::vector<float> draw(std::size_t n, std::uint64_t seed) {
  random_stream random(seed);
  std::vector<float> v(n);
  for (float& x : v) x = static_cast<float>(random.normal(0, 3));
  return v;
}
bool same_bits(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }

template <bool Squared> void pairs_agree() {
  int wrong = 0;
  for (std::size_t n = 0; n < 200; ++n) {
    const auto a = draw(n, n), b = draw(n, 1000 + n);
    for (const isa set : present())
      wrong += !same_bits(detail::pair_sum_for<Squared>(set)(a.data(), b.data(), n),
                          by_definition<Squared>(a.data(), b.data(), n));
  }
  CHECK(wrong == 0);
}
TEST_CASE("distance_kernels: sums of pairs have the bits of the definition on every instruction set, at any length") {
  pairs_agree<true>();
  pairs_agree<false>();
}

template <bool Squared> void rows_agree(std::size_t width) {
  constexpr std::size_t n = 37;
  const auto rows = draw(n * width, width), query = draw(width, 5);
  std::vector<std::uint32_t> slots;
  for (std::uint32_t i = 0; i < 29; ++i) slots.push_back(i * 11 % n);
  int wrong = 0;
  for (const isa set : present()) {
    const auto kernel = detail::row_sums_for<Squared>(set);
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{7}, slots.size()}) {
      std::vector<float> all(count + 1, -7.0f), listed(count + 1, -7.0f);
      kernel(query.data(), rows.data(), width, nullptr, count, all.data());
      kernel(query.data(), rows.data(), width, slots.data(), count, listed.data());
      wrong += all[count] != -7.0f || listed[count] != -7.0f;
      for (std::size_t i = 0; i < count; ++i) {
        wrong += !same_bits(all[i], by_definition<Squared>(query.data(), rows.data() + i * width, width));
        wrong += !same_bits(listed[i], by_definition<Squared>(query.data(), rows.data() + slots[i] * width, width));
      }
    }
  }
  CHECK(wrong == 0);
}
TEST_CASE("distance_kernels: many rows at once have the bits of one pair, listed or in a row") {
  for (const std::size_t width : {16u, 32u, 48u, 128u, 144u}) {
    rows_agree<true>(width);
    rows_agree<false>(width);
  }
}

TEST_CASE("distance_kernels: zeros behind the components change nothing") {
  auto a = draw(100, 1), b = draw(100, 2);
  const float squared = detail::pair_sum_for<true>(isa::portable)(a.data(), b.data(), 100);
  const float product = detail::pair_sum_for<false>(isa::portable)(a.data(), b.data(), 100);
  a.resize(112);
  b.resize(112);
  for (const isa set : present()) {
    CHECK(same_bits(detail::pair_sum_for<true>(set)(a.data(), b.data(), 112), squared));
    CHECK(same_bits(detail::pair_sum_for<false>(set)(a.data(), b.data(), 112), product));
  }
}

}  // namespace test_distance_kernels
