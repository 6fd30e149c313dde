#include "mlsd/drift/adwin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "error_stream.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/streams.hpp"

namespace test_adwin {

using namespace mlsd;

TEST_CASE("adwin: alarms of river with every border checked, and of the paper's shrinking window") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  mlsd_test::for_reference_alarms([&](const std::string& detector, const std::vector<double>& x,
                                      const std::vector<std::size_t>& expected, const std::string& id) {
    INFO(id);
    if (detector == "river_ADWIN(delta=0.002,clock=32)")
      CHECK(mlsd_test::alarms(adwin({.after = after_change::reset}), x) == expected);
    else if (detector == "river_ADWIN(delta=0.05,clock=1)")
      CHECK(mlsd_test::alarms(adwin({.delta = 0.05, .clock = 1, .after = after_change::reset}), x) == expected);
    else if (detector == "ADWIN_keep_window(delta=0.002)")
      CHECK(mlsd_test::alarms(adwin{}, x) == expected);
    else
      return;
    ++compared;
  });
  CHECK(compared > 20);
}

/// The definition, over all values one by one: the same buckets, kept as a list of borders.
struct naive_adwin {
  adwin_options options;
  std::vector<double> window{};
  std::list<std::size_t> buckets{};  // lengths, oldest first
  std::uint32_t seen = 0;

  bool update(double x) {
    window.push_back(x);
    buckets.push_back(1);
    for (std::size_t length = 1;; length *= 2) {
      const auto first = std::find(buckets.begin(), buckets.end(), length);
      if (std::count(buckets.begin(), buckets.end(), length) <= 5) break;
      *first *= 2;
      buckets.erase(std::next(first));
    }
    if (++seen % options.clock != 0 || window.size() <= options.least_window) return false;
    bool changed = false;
    while (cut()) {
      changed = true;
      window.erase(window.begin(), window.begin() + static_cast<std::ptrdiff_t>(buckets.front()));
      buckets.pop_front();
    }
    return changed;
  }
  bool cut() const {
    double u = 0, v = 0, n = double(window.size());
    for (const double x : window) u += x;
    for (const double x : window) v += (x - u / n) * (x - u / n);
    v /= n;
    const double l = std::log(2 * std::log(n) / options.delta), p = options.least_part;
    std::size_t border = 0;
    for (const std::size_t length : buckets) {
      border += length;
      const double n0 = double(border), n1 = n - n0;
      if (n0 < p || n1 < p) continue;
      double u0 = 0;
      for (std::size_t i = 0; i < border; ++i) u0 += window[i];
      const double h = 1 / (n0 - p + 1) + 1 / (n1 - p + 1);
      if (std::fabs(u0 / n0 - (u - u0) / n1) > std::sqrt(2 * h * v * l) + 2.0 / 3 * l * h) return true;
    }
    return false;
  }
};

TEST_CASE("adwin: against the definition over all values, on numbers with changes of all sizes") {
  mlsd_test::draws random{1};
  for (const std::uint32_t clock : {1u, 7u, 32u}) {
    adwin fast({.delta = 0.01, .clock = clock});
    naive_adwin slow{{.delta = 0.01, .clock = clock}};
    double mean = 0.5;
    for (int i = 0; i < 900; ++i) {
      if (random.below(150) == 0) mean = random.uniform();
      const double x = 1000 + mean + 0.2 * random.normal();
      REQUIRE(fast.update(x).drifted == slow.update(x));
      REQUIRE(fast.width() == slow.window.size());
      if (i % 50 != 0) continue;
      double u = 0, v = 0;
      for (const double y : slow.window) u += y;
      u /= double(slow.window.size());
      for (const double y : slow.window) v += (y - u) * (y - u);
      CHECK(fast.mean() == Approx(u).epsilon(1e-13));
      CHECK(fast.variance() == Approx(v / double(slow.window.size())).epsilon(1e-9).margin(1e-12));
    }
  }
}

TEST_CASE("adwin: keeps quiet without a change: errors at a rate, uniform numbers") {
  const laws::null_stream null{.runs = 300, .length = 1000, .false_alarms = 0.01, .seed = 3};
  CHECK(laws::keeps_quiet_under_null(adwin{}, null, [](random_stream& r) {
          return r.bernoulli(0.2) ? 1.0 : 0.0;
        }).has_value());
  CHECK(laws::keeps_quiet_under_null(adwin{}, null, [](random_stream& r) { return r.uniform(); }).has_value());
}

TEST_CASE("adwin: a change of the error rate is seen soon, and the window then holds the new rate") {
  std::size_t late = 0;
  for (std::uint64_t run = 0; run < 50; ++run) {
    random_stream random(7, run);
    adwin d;
    for (int i = 0; i < 2000; ++i) (void)d.update(random.bernoulli(0.2));
    std::size_t delay = 0;
    while (!d.update(random.bernoulli(0.5)).drifted && delay < 1000) ++delay;
    late += delay > 150;
    for (int i = 0; i < 500; ++i) (void)d.update(random.bernoulli(0.5));
    CHECK(d.mean() == Approx(0.5).margin(0.12));
    CHECK(d.width() < 800);
  }
  CHECK(late <= 1);
}

TEST_CASE("adwin: constant and empty windows, values that are no numbers") {
  adwin d;
  CHECK(std::isnan(d.mean()));
  CHECK(std::isnan(d.variance()));
  for (const double bad : {std::nan(""), (std::numeric_limits<double>::infinity)()}) CHECK_FALSE(d.update(bad).drifted);
  CHECK(d.skipped() == 2);
  CHECK(d.width() == 0);
  for (int i = 0; i < 5000; ++i) REQUIRE_FALSE(d.update(0.25).drifted);
  CHECK(d.mean() == 0.25);
  CHECK(d.variance() == 0);
  bool seen = false;
  for (int i = 0; i < 64; ++i) seen |= d.update(1.25).drifted;
  CHECK(seen);
  adwin huge;
  for (int i = 0; i < 5000; ++i) (void)huge.update(i % 2 == 0 ? 1e300 : -1e300);
  CHECK(huge.width() == 5000);
}

TEST_CASE("adwin: a stream goes on in another process; bad options and damaged files are errors") {
  static_assert(detector<adwin>&& noexcept(std::declval<adwin&>().update(1.0)));
  static_assert(sizeof(adwin) < 3600);
  random_stream random(9);
  adwin d({.delta = 0.05, .after = after_change::reset});
  for (int i = 0; i < 777; ++i) (void)d.update(random.bernoulli(0.1));
  CHECK(laws::survives_file(d).has_value());
  adwin loaded = from_bytes<adwin>(to_bytes(d)).value();
  CHECK(loaded == d);
  for (int i = 0; i < 2000; ++i) {
    const double x = random.bernoulli(0.6);
    REQUIRE(loaded.update(x).drifted == d.update(x).drifted);
  }
  CHECK(loaded == d);
  for (const adwin_options bad :
       {adwin_options{.delta = 0}, adwin_options{.delta = std::nan("")}, adwin_options{.clock = 0},
        adwin_options{.least_part = 0}, adwin_options{.after = static_cast<after_change>(2)}})
    CHECK_FALSE(bad.validate().has_value());
  const auto refused = laws::survives_damage(d, {.mutations = 600, .truncations = 30}, [](adwin& m) {
    for (int i = 0; i < 100; ++i) (void)m.update(i % 3);
    (void)m.mean();
  });
  REQUIRE(refused.has_value());
  CHECK(*refused > 100);
}

}  // namespace test_adwin
