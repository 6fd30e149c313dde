#include "mlsd/data/sample.hpp"

#include "catch.hpp"
#include "shared.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace test_sample {
using namespace mlsd;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::vector<float> labels(std::size_t n, std::size_t every) {
  std::vector<float> label(n);
  for (std::size_t i = 0; i < n; ++i) label[i] = i % every == 0 ? 1.0f : 0.0f;
  return label;
}

TEST_CASE("downsample: keeps all positives, and negatives at their rate") {
  const auto label = labels(100000, 20);
  for (const double rate : {0.5, 0.1, 0.01}) {
    const auto s = downsample{.keep = {.negatives = rate}, .seed = 3}(label).value();
    CHECK(std::is_sorted(s.rows.begin(), s.rows.end()));
    CHECK(std::adjacent_find(s.rows.begin(), s.rows.end()) == s.rows.end());
    const auto positives = std::count_if(s.rows.begin(), s.rows.end(), [&](std::size_t i) { return label[i] == 1; });
    CHECK(positives == 5000);
    const double kept = static_cast<double>(s.rows.size()) - 5000, deviation = std::sqrt(95000 * rate * (1 - rate));
    CHECK(std::fabs(kept - 95000 * rate) < 4 * deviation);
    CHECK(s.rates == keep_rates{.negatives = rate});
  }
  const auto both = downsample{.keep = {.negatives = 0.2, .positives = 0.5}, .seed = 3}(label).value();
  const auto positives =
      std::count_if(both.rows.begin(), both.rows.end(), [&](std::size_t i) { return label[i] == 1; });
  CHECK(std::fabs(static_cast<double>(positives) - 2500) < 150);
}

TEST_CASE("downsample: whether a row is kept depends on seed and key only") {
  const auto label = labels(2000, 7);
  const downsample thin{.keep = {.negatives = 0.3}, .seed = 9};
  const auto whole = thin(label).value();
  CHECK(thin(label).value().rows == whole.rows);
  CHECK(downsample{.keep = {.negatives = 0.3}, .seed = 10}(label).value().rows != whole.rows);
  // A prefix of the log, and the log backwards with the same keys.
  const auto head = thin(std::span(label).first(500)).value();
  CHECK(std::equal(head.rows.begin(), head.rows.end(), whole.rows.begin()));
  std::vector<std::uint64_t> key(label.size());
  std::iota(key.rbegin(), key.rend(), std::uint64_t{0});
  const std::vector<float> reversed(label.rbegin(), label.rend());
  auto backwards = thin(reversed, key).value().rows;
  for (auto& r : backwards) r = label.size() - 1 - r;
  std::reverse(backwards.begin(), backwards.end());
  CHECK(backwards == whole.rows);
  // More is kept at a higher rate, and nothing is lost.
  const auto more = downsample{.keep = {.negatives = 0.6}, .seed = 9}(label).value();
  CHECK(std::includes(more.rows.begin(), more.rows.end(), whole.rows.begin(), whole.rows.end()));
  CHECK(downsample{}(label).value().rows.size() == label.size());
}

TEST_CASE("downsample: bad rates and labels are errors") {
  const std::vector<float> bad{0, 1, nan}, soft{0, 0.5f};
  CHECK(downsample{}(bad).error().message == "downsample: row 2: the label is not 0 or 1");
  CHECK_FALSE(downsample{}(soft));
  CHECK(downsample{}({}).error().code == errc::empty);
  const std::vector<float> good{0, 1};
  for (const double rate : {0.0, -1.0, 1.1, std::nan("")}) CHECK_FALSE(downsample{.keep = {.negatives = rate}}(good));
  CHECK_FALSE(downsample{.keep = {.positives = 0}}(good));
  const std::vector<std::uint64_t> key{1};
  CHECK(downsample{}(good, key).error().code == errc::invalid_argument);
}

TEST_CASE("keep_rates: golden recalibration, to 50 digits") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  std::ifstream in(std::string(mlsd_test::shared_dir()) + "/golden/features/imbalance/recalibrate.csv");
  std::string line, cell[4];
  std::size_t rows = 0;
  for (std::getline(in, line); std::getline(in, line); ++rows) {
    std::istringstream s(line);
    for (auto& c : cell) std::getline(s, c, ',');
    const double p = std::stod(cell[0]), expected = std::stod(cell[2]), shift = std::stod(cell[3]);
    const keep_rates rates{.negatives = std::stod(cell[1])};
    CHECK(std::fabs(rates.undo(p) - expected) <= 2e-15 * expected);
    CHECK(std::fabs(rates.shift() - shift) <= 2e-15 * std::fabs(shift));
    if (p > 0 && p < 1) {
      const double through_logits = math::sigmoid(math::logit(p) + rates.shift());
      CHECK(std::fabs(through_logits - expected) <= 2e-14 * expected);
    }
  }
  CHECK(rows > 50);
}

TEST_CASE("gather: rows with all that is known of them, in the order given") {
  labelled_matrix m{feature_matrix({{"x", 0}, {"c", 9}}, 5), {0, 1, 0, 1, 0}, {1, 2, 3, 4, 5}, {7, 7, 8, 8, 9}};
  for (std::size_t i = 0; i < 5; ++i) {
    m.x.number(0)[i] = static_cast<float>(i) + 0.5f;
    m.x.code(0)[i] = static_cast<std::uint32_t>(8 - i);
  }
  const std::vector<std::size_t> rows{4, 1, 1};
  const auto g = gather(m, rows);
  CHECK(check(g));
  CHECK(g.rows() == 3);
  CHECK(g.label == std::vector<float>{0, 1, 1});
  CHECK(g.weight == std::vector<float>{5, 2, 2});
  CHECK(g.group == std::vector<std::uint32_t>{9, 7, 7});
  CHECK(std::vector(g.x.number(0).begin(), g.x.number(0).end()) == std::vector<float>{4.5f, 1.5f, 1.5f});
  CHECK(std::vector(g.x.code(0).begin(), g.x.code(0).end()) == std::vector<std::uint32_t>{4, 7, 7});
  CHECK(std::equal(g.x.info().begin(), g.x.info().end(), m.x.info().begin(), m.x.info().end()));
  m.weight.clear();
  m.group.clear();
  CHECK(gather(m, rows).weight.empty());
  CHECK(gather(m, rows).group.empty());
  CHECK(gather(m, {}).rows() == 0);
  const training_matrix t = gather(training_matrix::out_of_fold(m), rows);
  CHECK(t.size() == 3);
  CHECK(t.label()[1] == 1);
}

TEST_CASE("inverse_rate_weights: the kept rows weigh what all rows did, in expectation") {
  const auto label = labels(100000, 50);
  const auto s = downsample{.keep = {.negatives = 0.1}, .seed = 1}(label).value();
  std::vector<float> kept;
  for (const std::size_t i : s.rows) kept.push_back(label[i]);
  const auto w = inverse_rate_weights(s.rates, kept);
  double negatives = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == 1)
      REQUIRE(w[i] == 1);
    else
      negatives += static_cast<double>(w[i]);
  }
  CHECK(negatives == Approx(98000).epsilon(0.04));
  const std::vector<float> label2{1, 0}, weight2{3, 5};
  CHECK(inverse_rate_weights({.negatives = 0.5, .positives = 0.25}, label2, weight2) == std::vector<float>{12, 10});
}

TEST_CASE("balanced_weights: n / (2 n_class), and both classes weigh the same") {
  const std::vector<float> label{0, 0, 0, 1}, weight{1, 2, 0, 6};
  CHECK(balanced_weights(label).value() == std::vector<float>{4.0f / 6, 4.0f / 6, 4.0f / 6, 2});
  CHECK(balanced_weights(label, weight).value() == std::vector<float>{1.5f, 3, 0, 4.5f});
  const std::vector<float> one{1, 1}, bad{0, nan}, negative{1, 1, 1, -1};
  CHECK(balanced_weights(one).error().code == errc::one_class);
  CHECK(balanced_weights(bad).error().message == "balanced weights: row 1: the label is not 0 or 1");
  CHECK(balanced_weights(label, negative).error().code == errc::not_finite);
  CHECK(balanced_weights({}).error().code == errc::empty);
  CHECK(balanced_weights(label, one).error().code == errc::invalid_argument);
}

}  // namespace test_sample
