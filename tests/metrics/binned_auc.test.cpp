#include "mlsd/metrics/binned_auc.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/metrics/auc.hpp"
#include "round_trip.hpp"

namespace test_binned_auc {

using mlsd::binned_auc;

TEST_CASE("binned_auc: bins rise with the score, mirror each other, and use the whole range") {
  using small = binned_auc<128>;
  std::size_t last = 0;
  bool rises = true;
  for (int i = 0; i <= 100'000; ++i) {
    const std::size_t bin = small::bin(i / 100'000.0);
    rises = rises && bin >= last;
    last = bin;
  }
  CHECK(rises);
  CHECK(small::bin(0) == 0);
  CHECK(small::bin(1) == 127);
  CHECK(small::bin(0.5) == 64);
  CHECK(small::bin(std::nextafter(0.5, 0)) == 63);
  for (const double p : {0.25, 0.125, 1e-3, 1e-9}) CHECK(small::bin(p) + small::bin(1 - p) == 127);
  CHECK(binned_auc<>::bin(1.01e-3) - binned_auc<>::bin(1e-3) >= 1);  // 1% apart is another bin
}

TEST_CASE("binned_auc: the exact area lies within the bound, at click rates too") {
  mlsd_test::draws random{4};
  for (const double base : {0.0, -3.0, -7.0}) {
    binned_auc<> fine;
    binned_auc<64> coarse;
    mlsd::auc_metric exact;
    for (int i = 0; i < 20'000; ++i) {
      const float p = static_cast<float>(1 / (1 + std::exp(-base - random.normal())));
      const float y = random.uniform() < static_cast<double>(p) * (base < -5 ? 20 : 1);
      fine.update(static_cast<double>(p), static_cast<double>(y));
      coarse.update(static_cast<double>(p), static_cast<double>(y));
      exact.update(p, y);
    }
    CHECK(fine.error_bound() < 0.002);
    CHECK(std::fabs(fine.value() - exact.value()) <= fine.error_bound());
    CHECK(std::fabs(coarse.value() - exact.value()) <= coarse.error_bound());
    CHECK(coarse.bounds().contains(exact.value()));
    CHECK(std::fabs(fine.value() - exact.value()) < 1e-4);
  }
}

TEST_CASE("binned_auc: exact with one score a bin; ties, one class, what is left out") {
  binned_auc<> m;
  CHECK(std::isnan(m.value()));
  m.update(0.3, 1);
  CHECK(std::isnan(m.value()));
  m.update(0.3, 0);
  CHECK(m.value() == 0.5);
  m.update(0.1, 0, 3);
  CHECK(m.value() == 0.875);
  for (const double bad : {-0.1, 1.1, std::nan("")}) m.update(bad, 1);
  m.update(0.5, 0.5);
  m.update(0.5, 1, -1);
  m.update(0.5, 1, std::nan(""));
  CHECK(m.skipped() == 6);
  CHECK(m.value() == 0.875);
}

TEST_CASE("binned_auc is a monoid, exact for counts") {
  mlsd_test::draws random{5};
  binned_auc<256> part[3], whole, none;
  for (int i = 0; i < 3000; ++i) {
    const double p = random.uniform(), y = random.uniform() < p;
    part[i % 3].update(p, y);
    whole.update(p, y);
  }
  auto left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left == part[0]);
  CHECK(left == whole);
  none.merge(whole);
  CHECK(none == whole);
  whole.merge(binned_auc<256>{});
  CHECK(none == whole);
  CHECK(whole.validate().has_value());
}

TEST_CASE("binned_auc is a monitor, and files give it back") {
  static_assert(mlsd::monitor<binned_auc<>, double, double, double>);
  binned_auc<64> m;
  m.update(0.2, 1);
  m.update(0.1, 0, 2.5);
  CHECK(mlsd_test::round_trips(m));
}

}  // namespace test_binned_auc
