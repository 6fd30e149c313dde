// What a pipeline says of a feature, the model keeps.
#include "catch.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features.hpp"
#include "mlsd/training/gbdt.hpp"

namespace test_laws_trends {
using namespace mlsd;

struct offer {
  float discount = 0, age = 0;
  std::uint32_t shop = 0;
  bool sold = false;
};
inline constexpr schema offers{"discount"_f = &offer::discount, "age"_f = &offer::age, "shop"_f = &offer::shop,
                               "sold"_f = label(&offer::sold)};

/// A discount helps, but for noise and one shop where it does not.
frame<offers> table(std::size_t n) {
  random_stream random(7);
  frame<offers> rows;
  for (std::size_t i = 0; i < n; ++i) {
    offer o{static_cast<float>(random.uniform()), static_cast<float>(random.uniform() * 9),
            static_cast<std::uint32_t>(random.uniform() * 4), false};
    const double helps = o.shop == 2 ? -2 : 2;
    const double margin = helps * static_cast<double>(o.discount) - 0.2 * static_cast<double>(o.age);
    o.sold = random.bernoulli(1 / (1 + (margin > 0 ? 0.5 : 2.0)));
    rows.push_back(o);
  }
  return rows;
}

/// How often the prediction falls where the discount rises, all else the same.
template <class Features> std::size_t falls(const Features& features, const gbdt_model& model) {
  std::size_t n = 0;
  for (const std::uint32_t shop : {0u, 1u, 2u, 3u})
    for (const float age : {0.5f, 3.0f, 8.0f}) {
      double before = -1;
      for (int d = 0; d <= 50; ++d) {
        const double p = model(features(offer{static_cast<float>(d) / 50, age, shop, false}));
        n += p < before;
        before = p;
      }
    }
  return n;
}

TEST_CASE("a rising feature of a pipeline is one of the model that is trained on its rows", "[laws]") {
  const auto rows = table(3000);
  const auto plain = from<offers>() | on("discount"_f, "age"_f)(impute{}) | on("shop"_f)(ordinal{});
  const auto told = plain | rising("discount"_f) | on("discount"_f)(standardize{});
  const auto [features, x] = told.fit(rows).value();
  REQUIRE(features.info()[1].name == "discount");  // written last
  CHECK(features.info()[1].monotone == 1);
  CHECK(x.x().info()[1].monotone == 1);
  const gbdt_trainer trainer{.trees = 30, .leaves = 16, .min_rows_in_leaf = 5};
  const gbdt_model model = trainer.fit<logistic>(x).value();
  CHECK(falls(features, model) == 0);
  CHECK(model.gain_importance()[1] > 0);

  gbdt_trainer by_itself = trainer;  // what the trainer is told goes first
  const std::int8_t none[] = {0};
  by_itself.monotone = none;
  const gbdt_model free = by_itself.fit<logistic>(x).value();
  CHECK(falls(features, free) > 0);
  const auto untold = (plain | on("discount"_f)(standardize{})).fit(rows).value();
  CHECK(fingerprint(trainer.fit<logistic>(untold.x).value()) == fingerprint(free));

  CHECK(trainer.fit(quantile{.level = 0.9}, x).error().message.find("cannot be monotone") != std::string::npos);
  CHECK(trainer.refit(model, logistic{}, x).error().message.find("cannot be kept monotone") != std::string::npos);
}

TEST_CASE("a trend that is none, and that of a code, is refused", "[laws]") {
  const auto complaint = [](std::int8_t monotone, std::uint32_t cardinality) {
    labelled_matrix rows{feature_matrix({{"a", 0}, {"b", cardinality, monotone}}, 4), {0, 1, 0, 1}, {}, {}};
    return gbdt_trainer{}.fit<logistic>(training_matrix::out_of_fold(std::move(rows))).error().message;
  };
  CHECK(complaint(2, 0) == "feature \"b\": monotone must be -1, 0 or 1, and 0 of a code");
  CHECK(complaint(1, 5) == "feature \"b\": monotone must be -1, 0 or 1, and 0 of a code");
}

}  // namespace test_laws_trends
