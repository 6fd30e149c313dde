#include "mlsd/stats/radix_sort.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_radix_sort {

template <class Real> void check_keys() {
  using limits = std::numeric_limits<Real>;
  const Real ascending[] = {
      -limits::infinity(),  limits::lowest(), Real(-1), -limits::min(), -limits::denorm_min(), Real(0),
      limits::denorm_min(), limits::min(),    Real(1),  limits::max(),  limits::infinity()};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i)
    CHECK(mlsd::ordered_key(ascending[i]) < mlsd::ordered_key(ascending[i + 1]));
  CHECK(mlsd::ordered_key(Real(-0.0)) == mlsd::ordered_key(Real(0.0)));
}

TEST_CASE("ordered_key sorts as the numbers do") {
  check_keys<float>();
  check_keys<double>();
}

struct row {
  std::uint64_t key;
  std::uint32_t index;
  friend bool operator==(const row&, const row&) = default;
};

TEST_CASE("radix_sort is std::stable_sort, for small, large, constant and narrow keys") {
  mlsd_test::draws random{5};
  const auto by_key = [](const row& r) { return r.key; };
  for (const std::size_t n : {0u, 1u, 2u, 17u, 255u, 256u, 257u, 5000u})
    for (const std::uint64_t range : {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{3000}, ~std::uint64_t{0}}) {
      std::vector<row> rows(n), scratch(n);
      for (std::size_t i = 0; i < n; ++i) rows[i] = {random.bits() % range, static_cast<std::uint32_t>(i)};
      std::vector<row> expected = rows;
      std::stable_sort(expected.begin(), expected.end(), [](const row& a, const row& b) { return a.key < b.key; });
      mlsd::radix_sort(std::span<row>(rows), std::span<row>(scratch), by_key);
      CHECK(rows == expected);
    }
}

TEST_CASE("radix_sort of floats agrees with std::sort") {
  mlsd_test::draws random{6};
  std::vector<float> x(3000);
  for (float& v : x) v = static_cast<float>(random.normal());
  std::vector<std::uint32_t> keys(x.size()), scratch(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) keys[i] = mlsd::ordered_key(x[i]);
  mlsd::radix_sort(std::span<std::uint32_t>(keys), std::span<std::uint32_t>(scratch),
                   [](std::uint32_t k) { return k; });
  std::sort(x.begin(), x.end());
  for (std::size_t i = 0; i < x.size(); ++i) REQUIRE(keys[i] == mlsd::ordered_key(x[i]));
}

}  // namespace test_radix_sort
