#include "mlsd/metrics/multi_log_loss.hpp"

#include <cmath>
#include <span>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "round_trip.hpp"

namespace test_multi_log_loss {

using mlsd::multi_log_loss;

std::vector<double> shares(std::size_t i) {
  std::vector<double> p;
  double sum = 0;
  for (std::size_t k = 0; k < 4; ++k)
    p.push_back(static_cast<double>(1 + (i * 7 + k * k * 5 + i * k) % 11)), sum += p[k];
  for (double& v : p) v /= sum;
  return p;
}

TEST_CASE("multi_log_loss: scikit-learn's values") {
  // scikit-learn 1.9.1: p[i, k] = 1 + (7 i + 5 k k + i k) % 11 over the sum of its row, y[i] = (5 i + i / 7) % 4,
  // i = 0 ... 39: log_loss(y, p), and with sample_weight = 1 + (3 i % 5) / 2.
  multi_log_loss plain, weighted;
  for (std::size_t i = 0; i < 40; ++i) {
    const auto label = static_cast<double>((i * 5 + i / 7) % 4);
    plain.update(shares(i), label);
    weighted.update(shares(i), label, 1 + static_cast<double>(i * 3 % 5) / 2);
  }
  CHECK(plain.value() == Approx(1.4997126358211497).epsilon(1e-14));
  CHECK(weighted.value() == Approx(1.4437125422636032).epsilon(1e-14));
  CHECK(plain.rows() == 40);
}

TEST_CASE("multi_log_loss: of two classes it is the log loss") {
  mlsd_test::draws random{5};
  multi_log_loss m;
  mlsd::log_loss two;
  for (int i = 0; i < 300; ++i) {
    const double p = random.uniform(), y = random.uniform() < p;
    m.update(std::vector<double>{1 - p, p}, y);
    two.update(p, y);
  }
  CHECK(m.value() == Approx(two.value()).epsilon(1e-13));
  CHECK(m.with_interval().standard_error == Approx(two.with_interval().standard_error).epsilon(1e-10));
}

TEST_CASE("multi_log_loss: clipping keeps certainty finite; what is left out; empty") {
  multi_log_loss m(1e-6);
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.with_interval().ci.lower));
  m.update(std::vector<double>{1, 0, 0}, 1);
  CHECK(m.value() == Approx(-std::log(1e-6)).epsilon(1e-14));
  const std::vector<double> p{0.5, 0.25, 0.25};
  for (const double bad : {3.0, -1.0, 0.5, std::nan("")}) m.update(p, bad);
  m.update(std::vector<double>{0.5, 1.5}, 1);
  m.update(std::vector<double>{0.5, std::nan("")}, 1);
  m.update({}, 0);
  m.update(p, 1, -1);
  m.update(p, 1, std::nan(""));
  CHECK(m.skipped() == 9);
  CHECK(m.rows() == 1);
}

TEST_CASE("multi_log_loss is a monoid and a monitor; weights are copies; files give it back") {
  static_assert(mlsd::monitor<multi_log_loss, std::span<const double>, double, double>);
  mlsd_test::draws random{6};
  multi_log_loss part[3], whole, none, copied;
  for (std::size_t i = 0; i < 900; ++i) {
    const double y = static_cast<double>(random.below(4)), w = 1.0 + static_cast<double>(random.below(3));
    part[i % 3].update(shares(i), y, w);
    whole.update(shares(i), y, w);
    for (int k = 0; k < w; ++k) copied.update(shares(i), y);
  }
  multi_log_loss left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left.value() == Approx(part[0].value()).epsilon(1e-15));
  CHECK(left.value() == Approx(whole.value()).epsilon(1e-15));
  CHECK(copied.value() == Approx(whole.value()).epsilon(1e-15));
  multi_log_loss copy = whole;
  copy.merge(none);
  CHECK(copy == whole);
  none.merge(whole);
  CHECK(none == whole);
  CHECK(whole.validate().has_value());
  CHECK(mlsd_test::round_trips(whole));
}

TEST_CASE("multi_log_loss: 95% intervals cover") {
  mlsd_test::draws random{7};
  const auto draw = [&](multi_log_loss& m) {
    std::vector<double> p(3);
    double sum = 0;
    for (double& v : p) sum += v = random.exponential();
    for (double& v : p) v /= sum;
    const double u = random.uniform();
    m.update(p, u < p[0] ? 0 : u < p[0] + p[1] ? 1 : 2);
  };
  multi_log_loss truth;
  for (int i = 0; i < 200'000; ++i) draw(truth);
  constexpr int repeats = 400;
  int covered = 0;
  for (int r = 0; r < repeats; ++r) {
    multi_log_loss m;
    for (int i = 0; i < 300; ++i) draw(m);
    covered += m.with_interval().ci.contains(truth.value());
  }
  CHECK(covered / double(repeats) == Approx(0.95).margin(0.035));
}

}  // namespace test_multi_log_loss
