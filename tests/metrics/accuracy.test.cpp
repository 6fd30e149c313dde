#include "mlsd/metrics/accuracy.hpp"

#include <cmath>
#include <span>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_accuracy {

using mlsd::accuracy;

TEST_CASE("accuracy: scikit-learn's values") {
  // scikit-learn 1.9.1: p[i, k] = 1 + (7 i + 5 k k + i k) % 11, y[i] = (5 i + i / 7) % 4, i = 0 ... 39:
  // accuracy_score(y, p.argmax(1)), and with sample_weight = 1 + (3 i % 5) / 2.
  accuracy plain, weighted;
  for (std::size_t i = 0; i < 40; ++i) {
    std::vector<double> p;
    for (std::size_t k = 0; k < 4; ++k) p.push_back(static_cast<double>(1 + (i * 7 + k * k * 5 + i * k) % 11));
    const auto label = static_cast<double>((i * 5 + i / 7) % 4);
    plain.update(p, label);
    weighted.update(p, label, 1 + static_cast<double>(i * 3 % 5) / 2);
  }
  CHECK(plain.value() == Approx(0.2).epsilon(1e-15));
  CHECK(plain.error_rate() == Approx(0.8).epsilon(1e-15));
  CHECK(weighted.value() == Approx(0.1875).epsilon(1e-15));
}

TEST_CASE("accuracy: the first of equal predictions wins; one probability is cut at 1/2") {
  accuracy m;
  m.update(std::vector<double>{0.4, 0.4, 0.2}, 0);
  m.update(std::vector<double>{0.4, 0.4, 0.2}, 1);
  CHECK(m.value() == 0.5);
  accuracy two;
  two.update(0.5, 0);
  two.update(0.6, 1);
  two.update(0.4, 0);
  two.update(0.4, 1);
  CHECK(two.value() == 0.75);
}

TEST_CASE("accuracy: what is left out; empty") {
  accuracy m;
  CHECK(std::isnan(m.value()));
  CHECK(std::isnan(m.with_interval().ci.upper));
  const std::vector<double> p{0.5, 0.5};
  for (const double bad : {2.0, -1.0, 0.5, std::nan("")}) m.update(p, bad);
  m.update(std::vector<double>{0.5, std::nan("")}, 0);
  m.update(std::span<const double>{}, 0);
  m.update(std::nan(""), 1);
  m.update(0.7, 2);
  m.update(p, 0, -1);
  CHECK(m.skipped() == 9);
  CHECK(m.rows() == 0);
}

TEST_CASE("accuracy is a monoid and a monitor; weights are copies; files give it back; intervals cover") {
  static_assert(mlsd::monitor<accuracy, std::span<const double>, double, double>);
  mlsd_test::draws random{8};
  accuracy part[3], whole, copied, none;
  for (std::size_t i = 0; i < 600; ++i) {
    const std::vector<double> p{random.uniform(), random.uniform(), random.uniform()};
    const double y = static_cast<double>(random.below(3)), w = 1.0 + static_cast<double>(random.below(3));
    part[i % 3].update(p, y, w);
    whole.update(p, y, w);
    for (int k = 0; k < w; ++k) copied.update(p, y);
  }
  accuracy left = part[0];
  left.merge(part[1]);
  left.merge(part[2]);
  CHECK(left.value() == Approx(whole.value()).epsilon(1e-15));
  CHECK(copied.value() == Approx(whole.value()).epsilon(1e-15));
  none.merge(whole);
  CHECK(none == whole);
  CHECK(mlsd_test::round_trips(whole));
  int covered = 0;
  for (int r = 0; r < 500; ++r) {
    accuracy m;
    for (int i = 0; i < 100; ++i) m.update(random.uniform() < 0.85 ? 1.0 : 0.0, 1.0);
    covered += m.with_interval().ci.contains(0.85);
  }
  CHECK(covered / 500.0 == Approx(0.95).margin(0.03));
}

}  // namespace test_accuracy
