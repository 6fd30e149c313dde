#include "mlsd/scoring/linear.hpp"

#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/threads.hpp"
#include "round_trip.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace test_linear {
using namespace mlsd;

static_assert(scorer<linear_model> && scorer<linear_model, sparse_row> && batch_scorer<linear_model>);

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

struct generator {
  std::uint64_t state;
  std::uint32_t operator()() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state >> 33);
  }
  float number() { return (static_cast<float>((*this)() % 20001) - 10000.0f) / 1234.0f; }
};

linear_model random_model(std::size_t numbers, std::vector<std::uint32_t> cardinality, generator& g) {
  linear_parts p{
      .output = link_function::logistic, .bias = -0.3, .layout = linear_layout(numbers, cardinality), .weight = {}};
  for (std::size_t i = 0; i < p.layout.size(); ++i) p.weight.push_back(g.number());
  return linear_model::make(p).value();
}

TEST_CASE("linear: margin = bias + weights of what the row holds, by hand") {
  const auto m = linear_model::make({.output = link_function::identity,
                                     .bias = 10,
                                     .layout = linear_layout(2, std::vector<std::uint32_t>{3, 2}),
                                     .weight = {2, -1, /* first code */ 100, 200, 300, /* second */ 1000, 2000,
                                                /* missing */ 7, 8}})
                     .value();
  const auto raw = [&](std::vector<float> x, std::vector<std::uint32_t> c) { return m.raw(mixed_row{x, c}); };
  CHECK(raw({1.5f, 4}, {0, 0}) == 10 + 3 - 4 + 100 + 1000);
  CHECK(raw({0, -0.0f}, {2, 1}) == 10 + 300 + 2000);
  CHECK(raw({nan, 4}, {1, 0}) == 10 + 7 - 4 + 200 + 1000);
  CHECK(raw({inf, -inf}, {1, 0}) == 10 + 7 + 8 + 200 + 1000);
  CHECK(raw({0, 0}, {3, 2}) == 10);                    // codes outside their columns
  CHECK(raw({0, 0}, {0xffffffff, 0xffffffff}) == 10);  // also where an offset could wrap around
  CHECK(m.active() == 9);
  CHECK(m.width() == 4);

  // Entries of a sparse row are places in the same array.
  const std::vector<std::uint32_t> index{0, 3, 6, 3, 7, 0xffffffff};
  const std::vector<float> value{1, 1, 0.5f, 1, 1, 1};
  CHECK(m.raw(sparse_row{index, value}) == 10 + 2 + 200 + 1000 + 200);  // 3 twice; 7 and beyond are no features
  CHECK(m.raw(sparse_row{std::span(index).first(2), {}}) == 10 + 2 + 200);
  CHECK(m.raw(sparse_row{}) == 10);
  const std::vector<float> bad{nan, inf};
  CHECK(m.raw(sparse_row{std::span(index).first(2), bad}) == 10);
}

TEST_CASE("linear: a mixed row and its sparse form agree") {
  generator g{5};
  const auto m = random_model(3, {4, 9}, g);
  const std::vector<float> x{1, -2, 0.5f};
  const std::vector<std::uint32_t> c{3, 7}, index{0, 1, 2, 3 + 3, 3 + 4 + 7};
  const std::vector<float> value{1, -2, 0.5f, 1, 1};
  CHECK(m.raw(sparse_row{index, value}) == Approx(m.raw(mixed_row{x, c})).epsilon(1e-14));
  CHECK(m(sparse_row{index, value}) == Approx(m(mixed_row{x, c})).epsilon(1e-14));
}

TEST_CASE("linear: row == batch == any slice == any number of threads, in bits") {
  generator g{1};
  for (const std::size_t numbers : {0u, 1u, 2u, 5u, 12u})
    for (const std::size_t codes : {0u, 1u, 3u, 6u}) {
      const std::vector<std::uint32_t> cardinality(codes, 11);
      const auto m = random_model(numbers, cardinality, g);
      const std::size_t n = 401;
      std::vector<float> x(numbers * n);
      std::vector<std::uint32_t> c(codes * n);
      for (auto& v : x) v = g() % 17 == 0 ? nan : (g() % 31 == 0 ? -0.0f : g.number());
      for (auto& v : c) v = g() % 13;
      const mixed_columns columns{n, numbers, codes, n, x.data(), c.data()};
      std::vector<double> raw(n), answer(n), part(n), threaded(n);
      m.raw(columns, raw);
      m(columns, answer);
      threads pool{2};
      m(columns, threaded, pool);
      for (const std::size_t step : {1u, 7u, 128u, 200u})
        for (std::size_t first = 0; first < n; first += step) {
          const std::size_t k = (std::min)(step, n - first);
          m.raw(columns.slice(first, k), std::span(part).subspan(first, k));
          for (std::size_t i = first; i < first + k; ++i) REQUIRE(bits(part[i]) == bits(raw[i]));
        }
      std::vector<float> row_x(numbers);
      std::vector<std::uint32_t> row_c(codes);
      for (std::size_t i = 0; i < n; ++i) {
        columns.gather(i, row_x.data(), row_c.data());
        REQUIRE(bits(m.raw(mixed_row{row_x, row_c})) == bits(raw[i]));
        REQUIRE(bits(m(mixed_row{row_x, row_c})) == bits(answer[i]));
        REQUIRE(bits(threaded[i]) == bits(answer[i]));
        REQUIRE(answer[i] == Approx(1 / (1 + std::exp(-raw[i]))).epsilon(1e-13));
      }
    }
}

TEST_CASE("linear: empty batch, model without features, extreme numbers") {
  const linear_model none;
  CHECK(none.raw(mixed_row{}) == 0);
  CHECK(none(mixed_row{}) == 0.5);
  CHECK(none.validate());
  std::vector<double> out;
  none.raw(mixed_columns{}, out);
  const float largest = (std::numeric_limits<float>::max)();
  const auto m =
      linear_model::make({.layout = linear_layout(2), .weight = {largest, largest, largest, largest}}).value();
  const std::vector<float> x{largest, largest};
  CHECK(std::isfinite(m.raw(mixed_row{x, {}})));
  CHECK(m(mixed_row{x, {}}) == 1);
}

TEST_CASE("linear: parts that do not fit are errors, from a caller or from a file") {
  CHECK_FALSE(linear_model::make({.layout = linear_layout(2), .weight = {1, 2, 3}}));
  CHECK_FALSE(linear_model::make({.bias = std::nan("")}));
  CHECK_FALSE(linear_model::make({.output = static_cast<decltype(linear_parts::output)>(77)}));
  CHECK_FALSE(linear_model::make({.output = link_function::softmax}));
  const auto r = linear_model::make({.layout = linear_layout(1), .weight = {1, nan}});
  REQUIRE_FALSE(r);
  CHECK(r.error().code == errc::not_finite);
  CHECK(r.error().message == "linear model: weight 1 is not finite");
}

TEST_CASE("linear: a file gives it back, and a damaged file does no harm") {
  generator g{3};
  const auto m = random_model(4, {3, 6}, g);
  CHECK(mlsd_test::round_trips(m));
  const int refused = mlsd_test::mutate(m, 500, [](const linear_model& loaded) {
    const std::vector<float> x(loaded.number_columns(), 1.5f);
    const std::vector<std::uint32_t> c(loaded.code_columns(), 2);
    REQUIRE(std::isfinite(loaded.raw(mixed_row{x, c})));
  });
  CHECK(refused > 200);
}

}  // namespace test_linear
