#include "mlsd/training/ftrl_learner.hpp"

#include "catch.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"
#include "training/linear_clicks.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace test_ftrl_learner {
using namespace mlsd;
using mlsd_test::linear_clicks;
using mlsd_test::same_model;

static_assert(learner<ftrl_learner<logistic>> && learner<ftrl_learner<squared>, sparse_row>);

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

TEST_CASE("ftrl_learner: a step by hand") {
  // One feature, x = 2, label 1, margin 0: g = -0.5; the feature's gradient -1, sqrt(n) = 1, z = -1.
  auto learner =
      ftrl_learner<logistic>::make({.alpha = 0.5f, .beta = 1, .l1 = 0.25f, .l2 = 3}, linear_layout(1)).value();
  const float x = 2;
  CHECK(learner.learn(mixed_row{{&x, 1}, {}}, 1) == 0);
  const auto model = learner.model();
  CHECK(double{model.weight()[0]} == Approx((1 - 0.25) / ((1 + 1) / 0.5 + 3)).epsilon(1e-7));
  CHECK(model.bias() == Approx(0.5 / ((1 + 0.5) / 0.5)).epsilon(1e-7));  // no penalty
  CHECK(model.weight()[1] == 0);
}

TEST_CASE("ftrl_learner: a sparse row teaches what its mixed form teaches; an index that occurs twice adds up") {
  auto mixed = ftrl_learner<logistic>::make({}, linear_layout(0, std::vector<std::uint32_t>{50})).value();
  auto sparse = mixed;
  mlsd_test::draws g{1};
  for (int i = 0; i < 500; ++i) {
    const auto code = static_cast<std::uint32_t>(g.uniform() * 50);
    const float label = g.uniform() < 0.3 ? 1.0f : 0.0f;
    sparse.prefetch(sparse_row{{&code, 1}, {}});
    mixed.prefetch(mixed_row{{}, {&code, 1}});
    REQUIRE(bits(mixed.raw(mixed_row{{}, {&code, 1}})) == bits(sparse.raw(sparse_row{{&code, 1}, {}})));
    mixed.learn(mixed_row{{}, {&code, 1}}, label);
    sparse.learn(sparse_row{{&code, 1}, {}}, label);
  }
  CHECK(same_model(mixed.model(), sparse.model()));

  const std::uint32_t twice[]{4, 4};
  const float one[]{1, 1};
  const double before = sparse.raw(sparse_row{twice, one});
  sparse.learn(sparse_row{twice, one}, 1, 5);
  CHECK(sparse.raw(sparse_row{twice, one}) > before);
  CHECK(bits(sparse.raw(sparse_row{twice, one})) == bits(sparse.model().raw(sparse_row{twice, one})));
}

TEST_CASE("ftrl_learner: unknown codes and weight 0 teach nothing") {
  auto learner = ftrl_learner<logistic>::make({}, linear_layout(1, std::vector<std::uint32_t>{3})).value();
  const float x = 1;
  const std::uint32_t code = 2, unknown = 3;
  learner.learn(mixed_row{{&x, 1}, {&code, 1}}, 1);
  const auto before = learner.model();
  learner.learn(mixed_row{{&x, 1}, {&code, 1}}, 0, 0);
  CHECK(same_model(learner.model(), before));
  learner.learn(mixed_row{{&x, 1}, {&unknown, 1}}, 1);
  for (const std::size_t c : {0u, 1u, 2u}) CHECK(learner.model().weight()[1 + c] == before.weight()[1 + c]);
  const std::uint32_t beyond = 4;
  const auto known = learner.model();
  learner.learn(sparse_row{{&beyond, 1}, {}}, 1);
  for (std::size_t i = 0; i < known.weight().size(); ++i) CHECK(learner.model().weight()[i] == known.weight()[i]);
}

TEST_CASE("ftrl_learner: a stream goes on from a file in bits, and a damaged file does no harm") {
  const auto data = linear_clicks(400, 5);
  auto learner = ftrl_learner<logistic>::make({.l1 = 0.1f}, linear_layout(3, std::vector<std::uint32_t>{5})).value();
  const auto learn = [&](ftrl_learner<logistic>& l, std::size_t first, std::size_t last) {
    float numbers[3];
    std::uint32_t code[1];
    for (std::size_t i = first; i < last; ++i) {
      data.x.columns().gather(i, numbers, code);
      l.learn(mixed_row{numbers, code}, data.label[i]);
    }
  };
  learn(learner, 0, 200);
  CHECK(mlsd_test::round_trips(learner));
  auto resumed = from_bytes<ftrl_learner<logistic>>(to_bytes(learner)).value();
  learn(learner, 200, 400);
  learn(resumed, 200, 400);
  CHECK(same_model(resumed.model(), learner.model()));
  const int refused = mlsd_test::mutate(learner, 400, [](ftrl_learner<logistic>& loaded) {
    const std::vector<float> x(loaded.layout().numbers(), 1e30f);
    const std::vector<std::uint32_t> c(loaded.layout().codes(), 1);
    for (int i = 0; i < 20; ++i) loaded.learn(mixed_row{x, c}, i % 2 ? 1.0f : 0.0f, 1e30f);
    REQUIRE(loaded.model().validate());
  });
  CHECK(refused > 100);
}

}  // namespace test_ftrl_learner
