#include "mlsd/drift/psi_reference.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_psi_reference {

using mlsd::psi_reference;
using codes = std::vector<std::uint32_t>;

TEST_CASE("psi_reference of numbers: equal mass, a bin for missing values") {
  mlsd_test::draws random{1};
  std::vector<float> x(1000);
  for (float& v : x) v = static_cast<float>(random.exponential());
  x.push_back(std::nanf(""));
  const psi_reference r = psi_reference::from(std::span<const float>(x));
  REQUIRE(r.bins() == 11);
  CHECK_FALSE(r.categorical());
  for (std::size_t b = 0; b < 10; ++b) CHECK(r.weight()[b] == 100);
  CHECK(r.weight()[10] == 1);
  CHECK(r.bin(std::nan("")) == 10);
  CHECK(r.bin(-std::numeric_limits<double>::infinity()) == 0);
  CHECK(r.bin(std::numeric_limits<double>::infinity()) == 9);
  CHECK(r.effective_rows() == 1001);
  CHECK(r.validate().has_value());
}

TEST_CASE("psi_reference of numbers: constant, empty, weighted columns") {
  const std::vector<float> constant(7, 2.0f), none, x{1, 2, 3}, w{2, 1, 1};
  CHECK(psi_reference::from(std::span<const float>(constant)).edges().size() == 1);
  CHECK(psi_reference::from(std::span<const float>(none)) == psi_reference{});
  const std::vector<float> copied{1, 1, 2, 3};
  const auto weighted = psi_reference::from(x, w, {.numbers = 4}),
             plain = psi_reference::from(copied, {}, {.numbers = 4});
  CHECK(std::vector<double>(weighted.edges().begin(), weighted.edges().end()) ==
        std::vector<double>(plain.edges().begin(), plain.edges().end()));
  CHECK(std::vector<double>(weighted.weight().begin(), weighted.weight().end()) ==
        std::vector<double>(plain.weight().begin(), plain.weight().end()));
  CHECK(weighted.effective_rows() < plain.effective_rows());
}

TEST_CASE("psi_reference of codes: frequent codes, and one bin for the rest") {
  const codes c{7, 7, 7, 3, 3, 9, 16777217, 16777217};
  const psi_reference r = psi_reference::from(c, {}, {.categories = 3, .least_share = 0.2});
  CHECK(r.categorical());
  CHECK(codes(r.codes().begin(), r.codes().end()) == codes{3, 7, 16777217});
  CHECK(std::vector<double>(r.weight().begin(), r.weight().end()) == std::vector<double>{2, 3, 2, 1});
  CHECK(r.bin(std::uint32_t{16777217}) == 2);
  CHECK(r.bin(std::uint32_t{16777216}) == 3);  // codes never pass through a float
  CHECK(r.bin(std::uint32_t{9}) == 3);
  CHECK(r.validate().has_value());
  const psi_reference two = psi_reference::from(c, {}, {.categories = 2, .least_share = 0});
  CHECK(codes(two.codes().begin(), two.codes().end()) == codes{3, 7});  // ties of frequency: the smaller code
}

TEST_CASE("psi_reference of codes: weights, no codes") {
  const codes c{1, 2, 1};
  const std::vector<float> w{0.5f, 3, -1};
  const psi_reference r = psi_reference::from(c, w, {});
  CHECK(r.weight()[0] == 0.5);
  CHECK(r.weight()[1] == 3);
  CHECK(r.weight()[2] == 0);
  const psi_reference none = psi_reference::from(codes{}, {}, {});
  CHECK(none.bins() == 1);
  CHECK(none.bin(std::uint32_t{5}) == 0);
}

}  // namespace test_psi_reference
