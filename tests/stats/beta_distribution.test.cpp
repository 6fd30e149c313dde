#include "mlsd/stats/beta_distribution.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "golden_json.hpp"

namespace test_beta_distribution {

using mlsd::beta_distribution;

TEST_CASE("beta_distribution: scipy's values") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_special.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    if (out.has("betainc")) {
      const beta_distribution d{in["a"].real(), in["b"].real()};
      // scipy is 6e-11 off 1 - (1 - 1e-5)^1e5 at its largest parameters
      const double tolerance = in["b"].real() > 1e4 ? 1e-10 : 2e-14;
      CHECK(d.cdf(in["x"].real()) == Approx(out["betainc"].real()).epsilon(tolerance));
      CHECK(d.survival(in["x"].real()) == Approx(1 - out["betainc"].real()).epsilon(4 * tolerance));
      ++compared;
    }
    // scipy's quantile at 1e-300 is 100 orders of magnitude off the power law that holds there
    if (out.has("beta_ppf_2_5") && in["p"].real() > 1e-100) {
      CHECK(beta_distribution{2, 5}.quantile(in["p"].real()) == Approx(out["beta_ppf_2_5"].real()).epsilon(1e-13));
      ++compared;
    }
  }
  CHECK(compared == 13);
}

TEST_CASE("beta_distribution: closed forms, far tails and large parameters") {
  CHECK(beta_distribution{2, 5}.quantile(1e-300) == Approx(std::sqrt(1e-300 / 15)).epsilon(1e-12));
  CHECK(beta_distribution{1, 3}.cdf(0.2) == Approx(1 - std::pow(0.8, 3)).epsilon(1e-14));
  CHECK(beta_distribution{1, 1e5}.cdf(1e-5) == Approx(-std::expm1(1e5 * std::log1p(-1e-5))).epsilon(1e-13));
  CHECK(beta_distribution{3, 1}.cdf(1e-60) == Approx(1e-180).epsilon(1e-13));
  CHECK(beta_distribution{1, 1}.quantile(0.3) == Approx(0.3).epsilon(1e-14));
  for (const double n : {10.0, 1e3, 1e6}) CHECK(beta_distribution{n, n}.cdf(0.5) == Approx(0.5).epsilon(1e-12));
  // Arcsine law
  CHECK(beta_distribution{0.5, 0.5}.cdf(0.75) ==
        Approx(2 / std::acos(-1.0) * std::asin(std::sqrt(0.75))).epsilon(1e-14));
  CHECK(beta_distribution{0.1, 1e-3}.cdf(0.5) + beta_distribution{0.1, 1e-3}.survival(0.5) == Approx(1).epsilon(1e-14));
  CHECK(beta_distribution{2, 6}.mean() == 0.25);
  CHECK(beta_distribution{2, 6}.variance() == Approx(12.0 / (64 * 9)).epsilon(1e-15));
}

TEST_CASE("beta_distribution: ends, NaN, and quantiles invert") {
  const beta_distribution d{3, 0.7};
  CHECK(d.cdf(0) == 0);
  CHECK(d.cdf(-1) == 0);
  CHECK(d.cdf(1) == 1);
  CHECK(d.survival(2) == 0);
  CHECK(std::isnan(d.cdf(std::nan(""))));
  CHECK(d.quantile(0) == 0);
  CHECK(d.quantile(1) == 1);
  for (const double p : {1e-200, 1e-9, 0.1, 0.5, 0.9, 0.999999})
    CHECK(d.cdf(d.quantile(p)) == Approx(p).epsilon(1e-12));
}

}  // namespace test_beta_distribution
