#include "mlsd/metrics/auc.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_auc {

using mlsd::auc;
using mlsd::auc_metric;

using column = std::vector<double>;

/// The definition, over all pairs.
double by_pairs(const column& s, const column& y, const column& w) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < s.size(); ++i)
    for (std::size_t j = 0; j < s.size(); ++j)
      if (y[i] == 1 && y[j] == 0) {
        const double pair = w.empty() ? 1 : w[i] * w[j];
        total += pair;
        sum += s[i] > s[j] ? pair : s[i] == s[j] ? pair / 2 : 0;
      }
  return sum / total;
}

auc_metric metric_of(const column& s, const column& y, const column& w = {}) {
  auc_metric m;
  for (std::size_t i = 0; i < s.size(); ++i)
    m.update(static_cast<float>(s[i]), static_cast<float>(y[i]), w.empty() ? 1 : w[i]);
  return m;
}

TEST_CASE("auc is the share of pairs in order, for any ties, weights and size") {
  mlsd_test::draws random{1};
  for (const std::size_t n : {2u, 3u, 10u, 100u, 700u})
    for (const std::uint64_t levels : {2u, 5u, 1u << 20}) {
      column s(n), y(n), w(n);
      for (std::size_t i = 0; i < n; ++i) {
        s[i] = static_cast<double>(static_cast<float>(random.below(levels)) - 3.0f);
        y[i] = i < 2 ? static_cast<double>(i) : static_cast<double>(random.below(3) == 0);
        w[i] = static_cast<double>(static_cast<float>(random.exponential()));
      }
      const std::vector<float> sf(s.begin(), s.end()), yf(y.begin(), y.end()), wf(w.begin(), w.end());
      CHECK(auc(s, y) == by_pairs(s, y, {}));
      CHECK(auc(sf, yf) == by_pairs(s, y, {}));
      CHECK(auc(s, y, w) == Approx(by_pairs(s, y, w)).epsilon(1e-12));
      CHECK(auc(sf, yf, wf) == Approx(by_pairs(s, y, w)).epsilon(1e-12));
      CHECK(auc(s, y, column(n, 1.0)) == Approx(auc(s, y)).epsilon(1e-14));
      CHECK(metric_of(s, y).value() == auc(s, y));
      CHECK(metric_of(s, y, w).value() == Approx(auc(s, y, w)).epsilon(1e-14));
    }
}

TEST_CASE("auc: exact integers without weights, so row order changes no bit") {
  mlsd_test::draws random{2};
  column s(1000), y(1000);
  for (std::size_t i = 0; i < s.size(); ++i) {
    s[i] = random.normal();
    y[i] = static_cast<double>(random.below(2));
  }
  const double forward = auc(s, y);
  CHECK(auc(column(s.rbegin(), s.rend()), column(y.rbegin(), y.rend())) == forward);
}

TEST_CASE("auc: empty, one class, NaN scores, bad labels and weights, signed zeros, infinite scores") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  CHECK(std::isnan(auc(column{}, column{})));
  CHECK(std::isnan(auc(column{0.5, 0.7}, column{1, 1})));
  CHECK(std::isnan(auc(column{0.5, 0.7}, column{0, 0})));
  CHECK(std::isnan(auc(column{0.5, 0.7}, column{0, 1}, column{1, 0})));
  CHECK(auc(column{nan, 0.5, 0.7, 0.1, 0.2, 0.9}, column{0, 1, 0, 0, 2, nan}) == 0.5);
  CHECK(auc(column{0.5, 0.7, 0.1, 9, 9, 9}, column{1, 0, 0, 0, 0, 0}, column{1, 1, 1, -1, nan, inf}) == 0.5);
  CHECK(auc(column{0.0, -0.0}, column{0, 1}) == 0.5);
  CHECK(auc(column{-inf, inf, 1}, column{0, 1, 0}) == 1);
  auc_metric m;
  CHECK(std::isnan(m.value()));
  m.update(std::nanf(""), 1);
  m.update(1, 0.5f);
  m.update(1, 1, -1);
  CHECK(m.skipped() == 3);
  CHECK(m.rows() == 0);
}

TEST_CASE("auc_metric is a monoid, bit for bit, and merge is the whole") {
  mlsd_test::draws random{3};
  for (const bool weighted : {false, true}) {
    auc_metric part[3], whole, none;
    for (int k = 0; k < 3; ++k)
      for (int i = 0; i < 40; ++i) {
        const float s = static_cast<float>(random.below(10)), y = static_cast<float>(random.below(2));
        const double w = weighted && k == 1 ? random.exponential() : 1;
        part[k].update(s, y, w);
        whole.update(s, y, w);
      }
    auc_metric left = part[0], right = part[1];
    left.merge(part[1]);
    left.merge(part[2]);
    right.merge(part[2]);
    part[0].merge(right);
    CHECK(left == part[0]);
    CHECK(left.value() == whole.value());
    CHECK(left == whole);
    auc_metric copy = whole;
    copy.merge(none);
    CHECK(copy == whole);
    none.merge(whole);
    CHECK(none == whole);
    CHECK(whole.validate().has_value());
  }
}

TEST_CASE("auc: scikit-learn's values") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_binary.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    column s = in["s"].reals(), y = in["y"].reals();
    if (in.has("file")) {
      s = mlsd_test::golden_column("streams/calhousing_scores.csv", "p");
      y = mlsd_test::golden_column("streams/calhousing_scores.csv", "y");
      REQUIRE(s.size() > 4000);
    }
    const double here = auc(s, y, in["w"].reals());
    INFO(record["id"].text);
    if (out["roc_auc"].is_number()) {
      CHECK(here == Approx(out["roc_auc"].real()).epsilon(1e-14));
      ++compared;
    } else {
      CHECK(std::isnan(here));  // scikit-learn 1.2 raises; the definition is NaN
    }
  }
  CHECK(compared == 13);
}

TEST_CASE("auc_metric is a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<auc_metric, float, float, double> && mlsd::monitor<auc_metric, float, float>);
  const auc_metric plain = metric_of({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1});
  const auc_metric weighted = metric_of({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}, {1, 2, 1, 3});
  CHECK(mlsd_test::round_trips(plain));
  CHECK(mlsd_test::round_trips(weighted));
  const int refused = mlsd_test::mutate(weighted, 600, [](auc_metric& loaded) {
    loaded.update(0.5f, 1);
    (void)loaded.value();
  });
  CHECK(refused > 100);
}

}  // namespace test_auc
