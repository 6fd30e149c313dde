#include "mlsd/stats/chi_squared.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "catch.hpp"
#include "golden_json.hpp"

namespace test_chi_squared {

using mlsd::chi_squared;

TEST_CASE("chi_squared: closed forms") {
  for (const double x : {0.01, 0.5, 1.0, 3.0, 20.0, 300.0, 1400.0}) {
    CHECK(chi_squared{2}.survival(x) == Approx(std::exp(-x / 2)).epsilon(1e-12));
    CHECK(chi_squared{1}.survival(x) == Approx(std::erfc(std::sqrt(x / 2))).epsilon(1e-12));
    CHECK(chi_squared{4}.survival(x) == Approx(std::exp(-x / 2) * (1 + x / 2)).epsilon(1e-12));
    CHECK(chi_squared{7}.survival(x) + chi_squared{7}.cdf(x) == Approx(1).epsilon(1e-15));
  }
}

TEST_CASE("chi_squared: critical values of printed tables, and back") {
  CHECK(chi_squared{1}.critical(0.05) == Approx(3.841).epsilon(1e-3));
  CHECK(chi_squared{9}.critical(0.05) == Approx(16.919).epsilon(1e-4));
  CHECK(chi_squared{9}.critical(0.01) == Approx(21.666).epsilon(1e-4));
  CHECK(chi_squared{100}.critical(0.05) == Approx(124.342).epsilon(1e-5));
  for (const double degrees : {0.5, 1.0, 10.0, 1000.0, 1e5})
    for (const double p : {1e-12, 0.01, 0.3, 0.99})
      CHECK(chi_squared{degrees}.survival(chi_squared{degrees}.critical(p)) == Approx(p).epsilon(1e-9));
}

TEST_CASE("chi_squared: ends") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(chi_squared{3}.survival(0) == 1);
  CHECK(chi_squared{3}.survival(-1) == 1);
  CHECK(chi_squared{3}.survival(inf) == 0);
  CHECK(chi_squared{3}.cdf(inf) == 1);
  CHECK(std::isnan(chi_squared{3}.survival(std::nan(""))));
  CHECK(chi_squared{3}.critical(0) == inf);
  CHECK(chi_squared{3}.critical(1) == 0);
}

TEST_CASE("chi_squared: scipy's values") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_special.jsonl")) {
    const auto& out = record["out"];
    for (const int degrees : {1, 2, 5, 50}) {
      const std::string name = "chi2_sf_df" + std::to_string(degrees);
      if (!out.has(name)) continue;
      CHECK(chi_squared{double(degrees)}.survival(record["in"]["x"].real()) == Approx(out[name].real()).epsilon(2e-13));
      ++compared;
    }
    if (out.has("chi2_isf_df3")) {
      CHECK(chi_squared{3}.critical(record["in"]["p"].real()) == Approx(out["chi2_isf_df3"].real()).epsilon(1e-12));
      ++compared;
    }
  }
  CHECK(compared == 34);
}

}  // namespace test_chi_squared
