#include "mlsd/features/target_encode.hpp"
#include "catch.hpp"
#include "golden_table.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/features/fit.hpp"

#include <string>
#include <vector>

namespace test_target_encode {
using namespace mlsd;

TEST_CASE("a category becomes its smoothed mean label", "[features]") {
  target_encode config{.smoothing = 2};
  target_encode::statistics s;
  for (const float y : {1.0f, 1.0f, 0.0f}) config.observe(s, category("a"), y, 1);
  config.observe(s, category{}, 0, 1);
  const auto f = config.fit(s).value();
  CHECK(f.prior == 0.5f);
  CHECK(f(category("a")) == Approx((2 + 2 * 0.5) / (3 + 2)));
  CHECK(f(category{}) == Approx((0 + 2 * 0.5) / (1 + 2)));  // missing is a category
  CHECK(f(category("z")) == f.prior);
  CHECK(f.knows(category{}));
  CHECK_FALSE(f.knows(category("z")));
}

TEST_CASE("weights count rows as often; categories without weight get the prior", "[features]") {
  target_encode config{.smoothing = 0};
  target_encode::statistics weighted, repeated;
  config.observe(weighted, category("a"), 1, 3);
  config.observe(weighted, category("a"), 0, 1);
  config.observe(weighted, category("b"), 1, 0);
  for (const float y : {1.0f, 1.0f, 1.0f, 0.0f}) config.observe(repeated, category("a"), y, 1);
  const auto f = config.fit(weighted).value();
  CHECK(f(category("a")) == config.fit(repeated).value()(category("a")));
  CHECK(f(category("b")) == f.prior);
  CHECK(config.fit({}).value()(category("a")) == 0);
}

TEST_CASE("settings out of range are errors", "[features]") {
  CHECK_FALSE(target_encode{.smoothing = -1}.fit({}));
  CHECK_FALSE(target_encode{.smoothing = std::nan("")}.fit({}));
}

TEST_CASE("values for other categories than there are make a corrupt file", "[features]") {
  target_encode config;
  target_encode::statistics s;
  config.observe(s, category("a"), 1, 1);
  auto f = config.fit(s).value();
  f.value.push_back(0);
  CHECK_FALSE(from_bytes<target_encode::fitted>(to_bytes(f)));
}

TEST_CASE("target_encode gives the m-estimate, on new rows and out of fold", "[features]") {
  const mlsd_test::golden_table train("features/cat/train.csv"), test("features/cat/test.csv"),
      expected("features/cat/target_encoder.csv");
  if (train.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const auto set = expected.texts("set"), smooth = expected.texts("smooth"), target = expected.texts("target");
  const auto row = expected.numbers("row"), fold_of = expected.numbers("fold");
  for (const char* column : {"c1", "c2"}) {
    const auto wanted = expected.numbers(std::string("te_") + column);
    const auto train_text = train.texts(column), test_text = test.texts(column);
    for (const char* kind : {"bin", "reg"})
      for (const double smoothing : {0.0, 2.0, 20.0}) {
        const auto y = train.numbers(std::string("y_") + kind);
        const std::vector<float> label(y.begin(), y.end());
        std::vector<std::uint8_t> fold(label.size());
        for (std::size_t k = 0; k < row.size(); ++k)
          if (set[k] == "train_oof") fold[static_cast<std::size_t>(row[k])] = static_cast<std::uint8_t>(fold_of[k]);
        sequential one;
        const auto value = [&](std::size_t i) { return category(train_text[i]); };
        const auto crossed =
            detail::cross_fit(target_encode{.smoothing = smoothing}, value, {label, {}}, fold, 5, one).value();
        std::size_t compared = 0;
        for (std::size_t k = 0; k < row.size(); ++k) {
          if (target[k] != kind || smooth[k] == "auto" || std::stod(smooth[k]) != smoothing) continue;
          const auto i = static_cast<std::size_t>(row[k]);
          const float got = set[k] == "train_oof" ? crossed.without[fold[i]](category(train_text[i]))
                                                  : crossed.whole(category(test_text[i]));
          INFO(column << ' ' << kind << ' ' << smoothing << ' ' << set[k] << " row " << i);
          CHECK(got == Approx(wanted[k]).epsilon(1e-6).margin(1e-7));
          ++compared;
        }
        CHECK(compared == train_text.size() + test_text.size());
      }
  }
}

}  // namespace test_target_encode
