#include "mlsd/metrics/log_loss.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_log_loss {

using mlsd::brier_score;
using mlsd::log_loss;

TEST_CASE("log_loss, normalized entropy and Brier score: scikit-learn's values") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_binary.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    std::vector<double> s = in["s"].reals(), y = in["y"].reals();
    const std::vector<double> w = in["w"].reals();
    if (in.has("file")) {
      s = mlsd_test::golden_column("streams/calhousing_scores.csv", "p");
      y = mlsd_test::golden_column("streams/calhousing_scores.csv", "y");
    }
    log_loss loss, clipped(std::numeric_limits<double>::epsilon());
    brier_score brier;
    for (std::size_t i = 0; i < s.size(); ++i) {
      const double weight = w.empty() ? 1 : w[i];
      loss.update(s[i], y[i], weight);
      clipped.update(s[i], y[i], weight);
      brier.update(s[i], y[i], weight);
    }
    if (!out["log_loss_eps1e-15"].is_number()) {
      CHECK(std::isnan(loss.value()));
      CHECK(std::isnan(brier.value()));
      continue;
    }
    CHECK(loss.value() == Approx(out["log_loss_eps1e-15"].real()).epsilon(2e-14));
    CHECK(clipped.value() == Approx(out["log_loss_eps_f64"].real()).epsilon(2e-14));
    CHECK(brier.value() == Approx(out["brier"].real()).epsilon(1e-13));
    if (out["normalized_entropy"].is_number()) {
      CHECK(loss.normalized_entropy() == Approx(out["normalized_entropy"].real()).epsilon(1e-13));
    } else {
      CHECK(std::isnan(loss.normalized_entropy()));
    }
    ++compared;
  }
  CHECK(compared == 16);
}

TEST_CASE("log_loss: predicting the base rate has normalized entropy 1") {
  log_loss m;
  for (int i = 0; i < 10; ++i) m.update(0.3, i < 3);
  CHECK(m.base_rate() == Approx(0.3).epsilon(1e-15));
  CHECK(m.normalized_entropy() == Approx(1).epsilon(1e-15));
  CHECK(m.entropy() == Approx(0.6108643).epsilon(1e-7));
}

TEST_CASE("log_loss: clipping keeps certainty finite; what is left out; empty") {
  log_loss m(1e-6);
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.normalized_entropy()));
  CHECK(std::isnan(m.with_interval().ci.lower));
  m.update(0, 1);
  CHECK(m.value() == Approx(-std::log(1e-6)).epsilon(1e-14));
  CHECK(std::isnan(m.with_interval().standard_error));
  for (const double bad : {-0.01, 1.01, std::nan("")}) m.update(bad, 1);
  m.update(0.5, 0.5);
  m.update(0.5, std::nan(""));
  m.update(0.5, 1, -1);
  m.update(0.5, 1, std::nan(""));
  CHECK(m.skipped() == 7);
  CHECK(m.rows() == 1);
  brier_score b;
  b.update(2, 1);
  b.update(0.5, 0.5);
  CHECK(b.skipped() == 2);
  CHECK(std::isnan(b.value()));
}

TEST_CASE("log_loss and brier_score are monoids; weights are copies") {
  mlsd_test::draws random{6};
  log_loss part[3], whole, none, weighted, copied;
  brier_score left_brier, right_brier, whole_brier;
  for (int i = 0; i < 900; ++i) {
    const double p = random.uniform(), y = random.uniform() < p, w = 1.0 + static_cast<double>(random.below(3));
    part[i % 3].update(p, y, w);
    whole.update(p, y, w);
    weighted.update(p, y, w);
    for (int k = 0; k < w; ++k) copied.update(p, y);
    (i < 200 ? left_brier : right_brier).update(p, y, w);
    whole_brier.update(p, y, w);
  }
  log_loss left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left.value() == Approx(part[0].value()).epsilon(1e-15));
  CHECK(left.value() == Approx(whole.value()).epsilon(1e-15));
  CHECK(left.with_interval().standard_error == Approx(whole.with_interval().standard_error).epsilon(1e-12));
  CHECK(weighted.value() == Approx(copied.value()).epsilon(1e-15));
  CHECK(weighted.normalized_entropy() == Approx(copied.normalized_entropy()).epsilon(1e-15));
  log_loss copy = whole;
  copy.merge(none);
  CHECK(copy == whole);
  none.merge(whole);
  CHECK(none == whole);
  left_brier.merge(right_brier);
  CHECK(left_brier.value() == Approx(whole_brier.value()).epsilon(1e-15));
  CHECK(whole.validate().has_value());
}

TEST_CASE("log_loss: 95% intervals of loss, normalized entropy and Brier score cover, with weights and without") {
  mlsd_test::draws random{7};
  const auto draw = [&](double& p, double& y) {
    p = 1 / (1 + std::exp(2 - random.normal()));
    y = random.uniform() < p;
  };
  double p = 0, y = 0;
  log_loss truth;
  brier_score truth_brier;
  for (int i = 0; i < 400'000; ++i) {
    draw(p, y);
    truth.update(p, y);
    truth_brier.update(p, y);
  }
  for (const bool weighted : {false, true}) {
    constexpr int repeats = 500;
    int loss = 0, entropy = 0, brier = 0;
    for (int r = 0; r < repeats; ++r) {
      log_loss m;
      brier_score b;
      for (int i = 0; i < 400; ++i) {
        draw(p, y);
        const double w = weighted ? random.exponential() : 1;
        m.update(p, y, w);
        b.update(p, y, w);
      }
      loss += m.with_interval().ci.contains(truth.value());
      entropy += m.normalized_entropy_with_interval().ci.contains(truth.normalized_entropy());
      brier += b.with_interval().ci.contains(truth_brier.value());
    }
    CHECK(loss / double(repeats) == Approx(0.95).margin(0.03));
    CHECK(entropy / double(repeats) == Approx(0.95).margin(0.03));
    CHECK(brier / double(repeats) == Approx(0.95).margin(0.03));
  }
}

TEST_CASE("log_loss and brier_score are monitors, and files give them back") {
  static_assert(mlsd::monitor<log_loss, double, double, double> && mlsd::monitor<brier_score, double, double>);
  log_loss m(1e-9);
  m.update(0.2, 1);
  m.update(0.1, 0, 2.5);
  CHECK(mlsd_test::round_trips(m));
  CHECK(mlsd_test::round_trips(brier_score{}));
}

}  // namespace test_log_loss
