#include "mlsd/serve/cascade.hpp"
#include "mlsd/archive/binary.hpp"

#include <limits>

#include "catch.hpp"

namespace test_cascade {

struct payment {
  double amount = 0, risk = 0;
};
/// Models that can be saved, and count how often they are asked.
struct by_amount {
  double scale = 1;
  double operator()(const payment& p) const noexcept { return scale * p.amount; }
  friend bool operator==(const by_amount&, const by_amount&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("scale", self.scale); }
};
struct by_risk {
  double operator()(const payment& p) const noexcept { return p.risk; }
  template <class Self, class Ar> static constexpr void describe(Self&, Ar&) {}
};

TEST_CASE("cascade: a model is asked only about what the one before found suspicious", "[serve]") {
  int views = 0;
  const auto view = [&](const payment& p) noexcept {
    ++views;
    return payment{0, p.risk / 2};
  };
  const auto scores = mlsd::cascade(by_amount{}).above(10, by_risk{}).above(0.5, by_risk{}, view);
  CHECK(scores(payment{9.9, 0.9}) == mlsd::cascade_score{9.9, 0});  // though 9.9 is above the second limit
  CHECK(scores(payment{0.4, 0.9}) == mlsd::cascade_score{0.4, 0});
  CHECK(scores(payment{10, 0.3}) == mlsd::cascade_score{0.3, 1});
  CHECK(views == 0);
  CHECK(scores(payment{10, 0.8}) == mlsd::cascade_score{0.4, 2});
  CHECK(views == 1);
  CHECK(scores(payment{std::numeric_limits<double>::quiet_NaN(), 0.1}) == mlsd::cascade_score{0.1, 1});
}

TEST_CASE("cascade: decides, saves and loads", "[serve]") {
  const auto fraud = mlsd::cascade(by_amount{0.01}).above(0.02, by_risk{}).decide({.review = 0.6, .block = 0.95});
  CHECK(fraud(payment{1, 0.99}) == mlsd::decision{0.01, 0, mlsd::verdict::pass});
  CHECK(fraud(payment{3, 0.7}) == mlsd::decision{0.7, 1, mlsd::verdict::review});
  CHECK(fraud(payment{3, 0.96}).verdict == mlsd::verdict::block);
  const auto loaded = mlsd::from_bytes<std::remove_const_t<decltype(fraud)>>(mlsd::to_bytes(fraud));
  REQUIRE(loaded);
  for (double amount = 0; amount < 5; amount += 0.5)
    CHECK((*loaded)(payment{amount, amount / 5}) == fraud(payment{amount, amount / 5}));
}

}  // namespace test_cascade
