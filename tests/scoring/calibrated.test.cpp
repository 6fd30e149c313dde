#include "mlsd/scoring/calibrated.hpp"

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/scoring/isotonic.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/scoring/margin_shift.hpp"
#include "mlsd/scoring/platt.hpp"
#include "round_trip.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace test_calibrated {
using namespace mlsd;

static_assert(scorer<calibrated<linear_model, isotonic_map>>);
static_assert(scorer<calibrated<linear_model, platt_map>, sparse_row>);
static_assert(batch_scorer<calibrated<calibrated<linear_model, margin_shift>, isotonic_map>>);

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

linear_model model() {
  return linear_model::make({.bias = -1, .layout = linear_layout(2), .weight = {1, 0.5f, 0.25f, -2}}).value();
}

TEST_CASE("calibrated: row == batch == slice == threads in bits, for each map and for maps on maps") {
  const std::size_t n = 301;
  std::vector<float> x(2 * n);
  mlsd_test::draws random{7};
  for (float& v : x) v = static_cast<float>(3 * random.normal());
  const mixed_columns columns{n, 2, 0, n, x.data(), nullptr};
  threads pool{2};
  const auto same = [&](const auto& m) {
    std::vector<double> raw(n), answer(n), part(n), threaded(n);
    m.raw(columns, raw);
    m(columns, answer);
    m(columns, threaded, pool);
    m.raw(columns, part, pool);
    for (std::size_t i = 0; i < n; ++i) REQUIRE(bits(part[i]) == bits(raw[i]));
    for (std::size_t first = 0; first < n; first += 43) m(columns.slice(first, 43), std::span(part).subspan(first, 43));
    for (std::size_t i = 0; i < n; ++i) {
      const float row[]{x[i], x[n + i]};
      REQUIRE(bits(m(mixed_row{row, {}})) == bits(answer[i]));
      REQUIRE(bits(m.raw(mixed_row{row, {}})) == bits(raw[i]));
      REQUIRE(bits(threaded[i]) == bits(answer[i]));
      REQUIRE(bits(part[i]) == bits(answer[i]));
      REQUIRE(math::sigmoid(raw[i]) == Approx(answer[i]).epsilon(1e-13));  // the margin is the logit of the answer
    }
  };
  const auto steps = isotonic_map::make({-3, 0, 1, 4}, {0.01, 0.2, 0.2, 0.9}).value();
  same(calibrated(model(), steps));
  same(calibrated(model(), platt_map(0.7, -0.2)));
  same(calibrated(calibrated(model(), margin_shift(-2)), steps));
  same(calibrated(calibrated(model(), steps), margin_shift(1)));
}

TEST_CASE("calibrated: the map sees the margin; the identity map changes nothing") {
  const float row[]{2, 1};
  const calibrated same(model(), margin_shift(0));
  CHECK(same.raw(mixed_row{row, {}}) == 1.5);
  CHECK(bits(same(mixed_row{row, {}})) == bits(model()(mixed_row{row, {}})));
  CHECK(calibrated(model(), margin_shift(3)).raw(mixed_row{row, {}}) == 4.5);
  CHECK(same.width() == 2);
  CHECK(same.number_columns() == 2);
  CHECK(same.code_columns() == 0);
  CHECK(same.output() == link_function::logistic);
}

TEST_CASE("calibrated: one file holds model and map") {
  const calibrated m(calibrated(model(), margin_shift(-2)), isotonic_map::make({0, 1}, {0.1, 0.4}).value());
  CHECK(mlsd_test::round_trips(m));
  const int refused = mlsd_test::mutate(m, 500, [](const auto& loaded) {
    const std::vector<float> row(loaded.number_columns());
    const std::vector<std::uint32_t> codes(loaded.code_columns());
    const double p = loaded(mixed_row{row, codes});
    REQUIRE((p >= 0 && p <= 1));
  });
  CHECK(refused > 200);
}

}  // namespace test_calibrated
