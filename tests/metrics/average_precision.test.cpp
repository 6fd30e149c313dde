#include "mlsd/metrics/average_precision.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"

namespace test_average_precision {

using mlsd::average_precision;
using mlsd::average_precision_metric;

TEST_CASE("average_precision: scikit-learn's values") {
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
    double positive = 0;
    for (std::size_t i = 0; i < y.size(); ++i) positive += y[i] * (w.empty() ? 1 : w[i]);
    const double ours = average_precision(s, y, w);
    if (positive > 0) {
      CHECK(ours == Approx(out["average_precision"].real()).epsilon(1e-13));
      ++compared;
    } else {
      CHECK(std::isnan(ours));  // scikit-learn: -0, or an error
    }
  }
  CHECK(compared == 15);
}

TEST_CASE("average_precision: all scores tied give the share of positives, where trapezoids give more") {
  const std::vector<float> s(5, 0.3f), y{1, 1, 0, 1, 0};
  CHECK(average_precision(s, y) == Approx(0.6).epsilon(1e-15));
  CHECK(average_precision(std::vector<float>{3, 2, 1}, std::vector<float>{1, 1, 0}) == 1);
}

TEST_CASE("average_precision_metric: as the function, weights as copies, rows left out") {
  mlsd_test::draws random{1};
  average_precision_metric weighted, copied;
  std::vector<float> s, y, w;
  for (int i = 0; i < 300; ++i) {
    s.push_back(static_cast<float>(random.below(40)));
    y.push_back(static_cast<float>(random.below(3) == 0));
    w.push_back(static_cast<float>(1 + random.below(3)));
    weighted.update(s.back(), y.back(), static_cast<double>(w.back()));
    for (float k = 0; k < w.back(); ++k) copied.update(s.back(), y.back());
  }
  CHECK(weighted.value() == average_precision(s, y, w));
  CHECK(copied.value() == Approx(weighted.value()).epsilon(1e-14));
  weighted.update(std::nanf(""), 1);
  weighted.update(1, 0.5f);
  CHECK(weighted.skipped() == 2);
  CHECK(weighted.rows() == 300);
  CHECK(std::isnan(average_precision_metric{}.value()));
  CHECK(std::isnan(average_precision_metric{}.with_interval().ci.lower));
}

TEST_CASE("average_precision_metric: coverage of 95% intervals") {
  mlsd_test::draws random{2};
  const auto draw = [&](average_precision_metric& m, double share, double shift) {
    const bool positive = random.uniform() < share;
    m.update(static_cast<float>(random.normal() + (positive ? shift : 0)), positive);
  };
  for (const double share : {0.1, 0.4}) {
    for (const double shift : {0.7, 1.5}) {
      average_precision_metric truth;
      for (int i = 0; i < 100'000; ++i) draw(truth, share, shift);
      int covered = 0;
      constexpr int repeats = 300;
      for (int r = 0; r < repeats; ++r) {
        average_precision_metric m;
        for (int i = 0; i < 500; ++i) draw(m, share, shift);
        covered += m.with_interval().ci.contains(truth.value());
      }
      INFO("share " << share << ", shift " << shift << ": " << covered / double(repeats));
      CHECK(covered / double(repeats) > 0.92);
    }
  }
}

TEST_CASE("average_precision_metric is an exact monoid and a monitor; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<average_precision_metric, float, float, double>);
  mlsd_test::draws random{3};
  average_precision_metric part[3];
  for (int i = 0; i < 200; ++i)
    part[i % 3].update(static_cast<float>(random.below(20)), static_cast<float>(random.below(2)));
  CHECK(mlsd::laws::merges_as_monoid(std::span<const average_precision_metric>(part)).has_value());
  CHECK(mlsd::laws::survives_file(part[0]).has_value());
  const auto refused =
      mlsd::laws::survives_damage(part[0], {.mutations = 500, .truncations = 50}, [](average_precision_metric& m) {
        m.update(1, 1, 2);
        (void)m.with_interval();
      });
  REQUIRE(refused.has_value());
}

}  // namespace test_average_precision
