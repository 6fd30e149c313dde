#include "mlsd/stats/t_distribution.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "golden_json.hpp"

namespace test_t_distribution {

using mlsd::t_distribution;

TEST_CASE("t_distribution: scipy's tails and quantiles") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_special.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    if (out.has("t_sf_df1")) {
      const double t = in["z"].real();
      CHECK(t_distribution{1}.survival(t) == Approx(out["t_sf_df1"].real()).epsilon(2e-14));
      CHECK(t_distribution{2.5}.survival(t) == Approx(out["t_sf_df2.5"].real()).epsilon(2e-14));
      CHECK(t_distribution{30}.survival(t) == Approx(out["t_sf_df30"].real()).epsilon(2e-14));
      ++compared;
    }
    const double p = in["p"].real();
    if (out.has("t_ppf_df5") && p != 0.5 && p > 1e-100) {  // scipy's search stops 1e-9 off, and far off at 1e-300
      CHECK(-t_distribution{1}.critical(p) == Approx(out["t_ppf_df1"].real()).epsilon(1e-8));
      CHECK(-t_distribution{5}.critical(p) == Approx(out["t_ppf_df5"].real()).epsilon(1e-8));
      CHECK(-t_distribution{100}.critical(p) == Approx(out["t_ppf_df100"].real()).epsilon(1e-8));
      ++compared;
    }
  }
  CHECK(compared == 13);
}

TEST_CASE("t_distribution: closed forms, limits and ends") {
  const double pi = std::acos(-1.0), infinite = (std::numeric_limits<double>::infinity)();
  CHECK(t_distribution{1}.survival(1e100) == Approx(1e-100 / pi).epsilon(1e-12));
  CHECK(t_distribution{2}.cdf(1.5) == Approx(0.5 + 1.5 / (2 * std::sqrt(2 + 2.25))).epsilon(1e-15));
  CHECK(t_distribution{infinite}.two_sided(1.959963984540054) == Approx(0.05).epsilon(1e-13));
  CHECK(t_distribution{1e6}.survival(2) == Approx(mlsd::math::normal_cdf(-2.0)).epsilon(1e-5));
  CHECK(t_distribution{10}.critical(0.025) == Approx(2.228138851986274).epsilon(1e-13));
  CHECK(t_distribution{10}.critical(0.975) == Approx(-2.228138851986274).epsilon(1e-13));
  CHECK(t_distribution{5}.critical(0.025) == Approx(2.570581835636314).epsilon(1e-13));  // R's qt
  CHECK(t_distribution{1}.critical(0.025) == Approx(std::tan(0.475 * pi)).epsilon(1e-13));
  CHECK(t_distribution{3}.survival(0) == 0.5);
  CHECK(t_distribution{3}.critical(0.5) == 0);
  CHECK(t_distribution{3}.survival(infinite) == 0);
  CHECK(t_distribution{3}.cdf(infinite) == 1);
  CHECK(t_distribution{3}.critical(0) == infinite);
  CHECK(std::isnan(t_distribution{3}.two_sided(std::nan(""))));
}

}  // namespace test_t_distribution
