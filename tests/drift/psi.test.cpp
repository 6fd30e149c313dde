#include "mlsd/drift/psi.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "golden_json.hpp"
#include "mlsd/core/concepts.hpp"
#include "round_trip.hpp"

namespace test_psi {

using mlsd::psi;
using mlsd::psi_reference;
using column = std::vector<double>;

psi watch(const psi_reference& reference, const column& x) {
  psi m(reference);
  for (const double v : x) m.update(v);
  return m;
}

TEST_CASE("psi: bins, counts and values of the reference definition (quantile bins, Laplace .5)") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_two_sample.jsonl")) {
    const auto& in = record["in"];
    const auto& out = record["out"]["psi_quantile10_laplace0.5"];
    const std::string id = record["id"].text;
    if (!out.has("psi") || id == "nan_in_x" || id == "inf_in_x") continue;
    INFO(id);
    column x = in["x"].reals(), y = in["y"].reals();
    if (in.has("file")) {
      const column all = mlsd_test::golden_column("streams/elec.csv", "nswprice");
      x.assign(all.begin(), all.begin() + 10000);
      y.assign(all.begin() + 10000, all.begin() + 20000);
    }
    const psi_reference reference = psi_reference::from(std::span<const double>(x));
    const psi m = watch(reference, y);
    const column edges = out["edges"].reals(), ref = out["ref"].reals(), cur = out["cur"].reals();
    REQUIRE(reference.edges().size() == edges.size());
    for (std::size_t i = 0; i < edges.size(); ++i) CHECK(reference.edges()[i] == Approx(edges[i]).epsilon(1e-14));
    for (std::size_t b = 0; b < ref.size(); ++b) {
      CHECK(reference.weight()[b] == ref[b]);
      CHECK(m.weight()[b] == cur[b]);
    }
    CHECK(m.value().statistic == Approx(out["psi"].real()).epsilon(1e-13).margin(1e-15));
    ++compared;
  }
  CHECK(compared == 12);
}

TEST_CASE("psi: false alarms under the null come at the stated level") {
  mlsd_test::draws random{1};
  const auto rate = [&](std::size_t reference_rows, std::size_t rows, std::size_t bins) {
    constexpr int repeats = 600;
    int alarms = 0;
    column x(reference_rows), y(rows);
    for (int r = 0; r < repeats; ++r) {
      for (double& v : x) v = random.uniform();
      for (double& v : y) v = random.uniform();
      alarms += watch(psi_reference::from(std::span<const double>(x), {.numbers = bins}), y).value().p_value < 0.05;
    }
    return alarms / double(repeats);
  };
  CHECK(rate(500, 500, 10) == Approx(0.05).margin(0.025));
  CHECK(rate(1000, 50, 10) == Approx(0.05).margin(0.025));
  CHECK(rate(800, 100, 20) < 0.06);
}

TEST_CASE("psi: skewed codes, most of them rare: false alarms at the level, a shift is seen") {
  mlsd_test::draws random{2};
  const auto draw = [&](double power) { return static_cast<std::uint32_t>(std::pow(power, random.uniform())); };
  std::vector<std::uint32_t> codes(30'000);
  for (auto& c : codes) c = draw(2000);
  const psi_reference reference = psi_reference::from(std::span<const std::uint32_t>(codes));
  CHECK(reference.bins() > 20);
  constexpr int repeats = 400;
  int alarms = 0;
  for (int r = 0; r < repeats; ++r) {
    psi m(reference);
    for (int i = 0; i < 500; ++i) m.update(draw(2000));
    alarms += m.value().p_value < 0.05;
  }
  CHECK(alarms / double(repeats) == Approx(0.05).margin(0.03));
  psi shifted(reference);
  for (int i = 0; i < 2000; ++i) shifted.update(draw(200));
  CHECK(shifted.value().drifted);
}

TEST_CASE("psi: significant is not material, and the other way about") {
  mlsd_test::draws random{3};
  column x(50'000), slight(50'000), few(12);
  for (double& v : x) v = random.normal();
  for (double& v : slight) v = random.normal() + 0.05;
  for (double& v : few) v = random.normal();
  const psi_reference reference = psi_reference::from(std::span<const double>(x));
  const auto many = watch(reference, slight).value();
  CHECK(many.significant);
  CHECK_FALSE(many.material);
  CHECK_FALSE(many.drifted);
  const auto rare = watch(reference, few).value();
  CHECK(rare.material);
  CHECK_FALSE(rare.significant);
  CHECK_FALSE(rare.drifted);
  for (double& v : slight) v += 0.5;
  CHECK(watch(reference, slight).value().drifted);
}

TEST_CASE("psi: missing values are a bin of their own, only where there are any") {
  const column x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const psi_reference reference = psi_reference::from(std::span<const double>(x), {.numbers = 2});
  psi m = watch(reference, x);
  CHECK(m.value().statistic == 0);
  CHECK(m.value().p_value == 1);
  for (int i = 0; i < 30; ++i) m.update(std::nan(""));
  CHECK(m.weight().back() == 30);
  CHECK(m.value().drifted);
  CHECK(std::isfinite(m.value().statistic));
}

TEST_CASE("psi: nothing seen, an empty reference, one bin, bad weights") {
  const column constant{2, 2, 2};
  psi m(psi_reference::from(std::span<const double>(constant)));
  CHECK(std::isnan(m.value().statistic));
  m.update(1.0, -1);
  m.update(1.0, std::nan(""));
  CHECK(m.skipped() == 2);
  CHECK(m.rows() == 0);
  for (int i = 0; i < 5; ++i) m.update(2.0f);
  CHECK(m.value().p_value == 1);
  CHECK_FALSE(m.value().drifted);
  psi none;
  none.update(1.0);
  CHECK(std::isnan(none.value().statistic));
  CHECK_FALSE(none.value().drifted);
}

TEST_CASE("psi: weights are copies in the statistic, effective rows in the critical value") {
  const column x{1, 2, 3, 4, 5, 6};
  const psi_reference reference = psi_reference::from(std::span<const double>(x), {.numbers = 3});
  psi weighted(reference), copied(reference);
  for (const double v : {1.0, 4.0, 6.0}) {
    weighted.update(v, v);
    for (int k = 0; k < v; ++k) copied.update(v);
  }
  CHECK(weighted.value().statistic == copied.value().statistic);
  CHECK(weighted.value().critical > copied.value().critical);
}

TEST_CASE("psi is a monoid, exact for counts") {
  mlsd_test::draws random{4};
  column x(300);
  for (double& v : x) v = random.normal();
  const psi empty(psi_reference::from(std::span<const double>(x)));
  psi part[3] = {empty, empty, empty}, whole = empty, none;
  for (int i = 0; i < 500; ++i) {
    const double v = random.normal();
    part[i % 3].update(v);
    whole.update(v);
  }
  psi left = part[0], right = part[1];
  left.merge(part[1]);
  left.merge(part[2]);
  right.merge(part[2]);
  part[0].merge(right);
  CHECK(left == part[0]);
  CHECK(left == whole);
  none.merge(whole);
  CHECK(none == whole);
  whole.merge(psi{});
  CHECK(none == whole);
  CHECK(whole.validate().has_value());
}

TEST_CASE("psi is a monitor of numbers and of codes; files give it back, damaged ones do no harm") {
  static_assert(mlsd::monitor<psi, double> && mlsd::monitor<psi, float> && mlsd::monitor<psi, std::uint32_t>);
  static_assert(!mlsd::monitor<psi, int>);  // a number or a code: say which
  mlsd_test::draws random{5};
  column x(300);
  for (double& v : x) v = random.normal();
  const psi numbers = watch(psi_reference::from(std::span<const double>(x)), x);
  const std::vector<std::uint32_t> codes{1, 1, 2, 5};
  psi categories(psi_reference::from(std::span<const std::uint32_t>(codes)));
  categories.update(std::uint32_t{2});
  CHECK(mlsd_test::round_trips(numbers));
  CHECK(mlsd_test::round_trips(categories));
  CHECK(mlsd_test::round_trips(psi{}));
  for (const psi& m : {numbers, categories}) {
    const int refused = mlsd_test::mutate(m, 600, [](psi& loaded) {
      if (loaded.reference().categorical()) {
        loaded.update(std::uint32_t{2});
        loaded.update(std::uint32_t{77});
      } else {
        loaded.update(0.5);
        loaded.update(std::nan(""));
      }
      (void)loaded.value();
      loaded.merge(psi{});
    });
    CHECK(refused > 100);
  }
}

}  // namespace test_psi
