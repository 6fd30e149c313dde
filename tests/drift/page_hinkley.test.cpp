#include "mlsd/drift/page_hinkley.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "error_stream.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/streams.hpp"

namespace test_page_hinkley {

using namespace mlsd;

TEST_CASE("page_hinkley: river's alarms") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  mlsd_test::for_reference_alarms([&](const std::string& detector, const std::vector<double>& x,
                                      const std::vector<std::size_t>& expected, const std::string& id) {
    INFO(id);
    if (detector == "river_PageHinkley(default,both)")
      CHECK(mlsd_test::alarms(page_hinkley{}, x) == expected);
    else if (detector == "river_PageHinkley(threshold=10,up)")
      CHECK(mlsd_test::alarms(page_hinkley({.threshold = 10, .towards = drift_direction::up}), x) == expected);
    else if (detector == "river_PageHinkley(threshold=10,down)")
      CHECK(mlsd_test::alarms(page_hinkley({.threshold = 10, .towards = drift_direction::down}), x) == expected);
    else
      return;
    ++compared;
  });
  CHECK(compared > 20);
}

TEST_CASE("page_hinkley: keeps quiet without a change") {
  const laws::null_stream null{.runs = 300, .length = 1000, .false_alarms = 0.02, .seed = 3};
  CHECK(laws::keeps_quiet_under_null(page_hinkley{}, null, [](random_stream& r) {
          return r.bernoulli(0.2) ? 1.0 : 0.0;
        }).has_value());
}

TEST_CASE("page_hinkley: the delay is about threshold / change, and each direction sees its own") {
  for (const double change : {0.5, -0.5}) {
    const drift_direction right = change > 0 ? drift_direction::up : drift_direction::down;
    const drift_direction wrong = change > 0 ? drift_direction::down : drift_direction::up;
    for (const drift_direction towards : {drift_direction::both, right, wrong}) {
      page_hinkley d({.threshold = 20, .towards = towards});
      random_stream random(5);
      for (int i = 0; i < 3000; ++i) REQUIRE_FALSE(d.update(random.normal(0, 0.2)).drifted);
      int delay = 0;
      while (delay < 200 && !d.update(random.normal(change, 0.2)).drifted) ++delay;
      if (towards == wrong) {
        CHECK(delay == 200);
        continue;
      }
      CHECK(delay > 35);
      CHECK(delay < 60);
      CHECK(d.count() == 0);
      CHECK(std::isnan(d.mean()));
    }
  }
}

TEST_CASE("page_hinkley: no numbers, bad options; a stream goes on in another process") {
  static_assert(detector<page_hinkley>);
  page_hinkley d({.threshold = 8});
  for (const double bad : {std::nan(""), (std::numeric_limits<double>::infinity)()}) CHECK_FALSE(d.update(bad).drifted);
  CHECK(d.skipped() == 2);
  random_stream random(9);
  for (int i = 0; i < 500; ++i) (void)d.update(random.bernoulli(0.1));
  CHECK(laws::survives_file(d).has_value());
  page_hinkley loaded = from_bytes<page_hinkley>(to_bytes(d)).value();
  for (int i = 0; i < 500; ++i) {
    const double x = random.bernoulli(0.6);
    REQUIRE(loaded.update(x).drifted == d.update(x).drifted);
  }
  CHECK(loaded == d);
  for (const page_hinkley_options bad :
       {page_hinkley_options{.threshold = 0}, page_hinkley_options{.tolerance = -1},
        page_hinkley_options{.forgetting = 2}, page_hinkley_options{.threshold = std::nan("")},
        page_hinkley_options{.towards = static_cast<drift_direction>(3)}})
    CHECK_FALSE(bad.validate().has_value());
  const auto refused = laws::survives_damage(d, {.mutations = 1000, .truncations = 50}, [](page_hinkley& m) {
    for (int i = 0; i < 50; ++i) (void)m.update(i % 3);
  });
  REQUIRE(refused.has_value());
  CHECK(*refused > 100);
}

}  // namespace test_page_hinkley
