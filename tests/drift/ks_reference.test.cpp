#include "mlsd/drift/ks_reference.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_ks_reference {

using mlsd::ks_reference;

TEST_CASE("ks_reference keeps few distinct values whole, and cells see knots and gaps") {
  const std::vector<float> x{3, 1, 2, 2, 2, std::nanf("")};
  const ks_reference r = ks_reference::from(x);
  CHECK(std::vector<double>(r.knots().begin(), r.knots().end()) == std::vector<double>{1, 2, 3});
  CHECK(std::vector<double>(r.weight().begin(), r.weight().end()) == std::vector<double>{0, 1, 0, 3, 0, 1, 0});
  CHECK(r.cell(0) == 0);
  CHECK(r.cell(1) == 1);
  CHECK(r.cell(1.5) == 2);
  CHECK(r.cell(3) == 5);
  CHECK(r.cell(4) == 6);
  CHECK(r.effective_rows() == 5);
  CHECK(r.validate().has_value());
}

TEST_CASE("ks_reference: a long column is thinned to equal steps of rank, ends kept") {
  mlsd_test::draws random{1};
  std::vector<float> x(5000);
  for (float& v : x) v = static_cast<float>(random.normal());
  const ks_reference r = ks_reference::from(mlsd::sorted_sample::from(std::span<const float>(x)), 101);
  CHECK(r.knots().size() == 101);
  CHECK(r.knots().front() == static_cast<double>(*std::min_element(x.begin(), x.end())));
  CHECK(r.knots().back() == static_cast<double>(*std::max_element(x.begin(), x.end())));
  CHECK(std::accumulate(r.weight().begin(), r.weight().end(), 0.0) == 5000);
  for (std::size_t c = 0; c + 2 < r.cells(); c += 2) CHECK(r.weight()[c] <= 50);
  CHECK(r.weight().front() == 0);
  CHECK(r.weight().back() == 0);
}

TEST_CASE("ks_reference: empty columns and weights") {
  CHECK(ks_reference{}.empty());
  CHECK(ks_reference::from(std::vector<float>{std::nanf("")}).empty());
  CHECK(ks_reference{} == ks_reference::from(std::vector<float>{}));
  const std::vector<float> x{1, 2}, w{3, 1};
  CHECK(ks_reference::from(x, w).weight()[1] == 3);
  CHECK(ks_reference::from(x, w).effective_rows() == Approx(1.6));
}

}  // namespace test_ks_reference
