#include "mlsd/stats/kolmogorov.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "golden_json.hpp"

namespace test_kolmogorov {

using mlsd::kolmogorov_smirnov_critical;
using mlsd::kolmogorov_smirnov_survival;

TEST_CASE("kolmogorov_survival: tables, both series meet, ends") {
  CHECK(mlsd::kolmogorov_survival(1.3581) == Approx(0.05).epsilon(1e-3));
  CHECK(mlsd::kolmogorov_survival(1.6276) == Approx(0.01).epsilon(1e-3));
  CHECK(mlsd::kolmogorov_survival(1 - 1e-12) == Approx(mlsd::kolmogorov_survival(1.0)).epsilon(1e-11));
  CHECK(mlsd::kolmogorov_survival(0) == 1);
  CHECK(mlsd::kolmogorov_survival(-1) == 1);
  CHECK(std::isnan(mlsd::kolmogorov_survival(std::nan(""))));
}

TEST_CASE("smirnov_survival: one and two draws by hand, and the limit exp(-2 n d^2)") {
  CHECK(mlsd::smirnov_survival(1, 0.3) == Approx(0.7).epsilon(1e-14));
  CHECK(mlsd::smirnov_survival(2, 0.75) == Approx(0.0625).epsilon(1e-14));  // both below 1/4
  for (const std::uint64_t n : {100'000u, 100'001u, 10'000'000u}) {
    const double d = 1.5 / std::sqrt(static_cast<double>(n));
    CHECK(mlsd::smirnov_survival(n, d) == Approx(std::exp(-4.5) * (1 - 2 * d / 3)).epsilon(3e-5));
  }
  CHECK(mlsd::smirnov_survival(5, 0) == 1);
  CHECK(mlsd::smirnov_survival(5, 1) == 0);
}

TEST_CASE("kolmogorov_smirnov_survival: small samples by hand") {
  CHECK(kolmogorov_smirnov_survival(1, 0.75) == Approx(0.5).epsilon(1e-12));  // u outside (1/4, 3/4)
  CHECK(kolmogorov_smirnov_survival(2, 0.8) == Approx(0.08).epsilon(1e-12));  // 2 (1 - d)^2
  CHECK(kolmogorov_smirnov_survival(3, 1.0 / 6) == 1);
  CHECK(kolmogorov_smirnov_survival(3, 1) == 0);
  CHECK(std::isnan(kolmogorov_smirnov_survival(0, 0.5)));
}

TEST_CASE("kolmogorov_smirnov_survival: series and tails stay within the stated error of the exact matrix") {
  for (const std::uint64_t n : {60u, 140u, 141u, 300u})
    for (const double z2 : {0.3, 0.6, 1.0, 1.7, 2.1, 2.3, 3.0, 3.9, 4.1}) {
      const double d = std::sqrt(z2 / static_cast<double>(n));
      const double exact = 1 - mlsd::detail::kolmogorov_matrix_cdf(n, d);
      const double here = kolmogorov_smirnov_survival(n, d);
      const double bound = n <= 140 ? 1e-9 * exact : z2 < 2.2 ? 0.07 / static_cast<double>(n * n) : 1e-6 * exact;
      CHECK(std::fabs(here - exact) <= bound);
    }
}

TEST_CASE("kolmogorov_smirnov_critical inverts the tail") {
  for (const std::uint64_t n : {1u, 2u, 5u, 140u, 141u, 5000u, 1'000'000u})
    for (const double p : {0.5, 0.05, 0.01, 1e-6})
      CHECK(kolmogorov_smirnov_survival(n, kolmogorov_smirnov_critical(n, p)) == Approx(p).epsilon(1e-4));
  CHECK(kolmogorov_smirnov_critical(10, 0.05) == Approx(0.40925).epsilon(1e-4));  // Massey's table: .409
}

TEST_CASE("kolmogorov: scipy's values") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_special.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (out.has("kolmogorov_sf")) {
      CHECK(mlsd::kolmogorov_survival(in["x"].real()) == Approx(out["kolmogorov_sf"].real()).epsilon(1e-13));
      ++compared;
    }
    if (out.has("kstwo_sf")) {
      const auto n = static_cast<std::uint64_t>(in["n"].real());
      CHECK(mlsd::smirnov_survival(n, in["d"].real()) == Approx(out["ksone_sf"].real()).epsilon(1e-11));
      // scipy doubles the one-sided tail at n = 1000, without the term counted twice: 3e-7 more
      CHECK(kolmogorov_smirnov_survival(n, in["d"].real()) ==
            Approx(out["kstwo_sf"].real()).epsilon(n > 140 ? 1e-6 : 1e-12));
      ++compared;
    }
  }
  CHECK(compared == 9);
}

}  // namespace test_kolmogorov
