#include "mlsd/drift/watched.hpp"

#include <vector>

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/testing/laws/files.hpp"

namespace test_watched {

using namespace mlsd;
using namespace mlsd::literals;

psi_reference uniform_reference() {
  random_stream random(1);
  std::vector<double> x(5000);
  for (double& v : x) v = random.uniform();
  return psi_reference::from(std::span<const double>(x));
}

TEST_CASE("watched: a monitor judges each window on its own") {
  watched w{"amount"_f, psi(uniform_reference()), watch_window{500}};
  static_assert(decltype(w)::has_windows);
  random_stream random(2);
  for (int i = 0; i < 5000; ++i) REQUIRE_FALSE(w.update({}, random.uniform()));
  CHECK(w.monitor().rows() == 0);
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < 1250; ++i)
    if (w.update({77}, 0.5 * random.uniform())) at = i;
  CHECK(at == 999);
  CHECK(w.line() == watch_line{6250, 2, 5500, 6000, {77}});
  CHECK(w.verdict());
  CHECK(w.monitor().rows() == 250);
  for (int i = 0; i < 1000; ++i) (void)w.update({}, random.uniform());
  CHECK_FALSE(w.verdict());
}

TEST_CASE("watched: no alarms to speak of without a change") {
  int alarms = 0;
  for (std::uint64_t run = 0; run < 20; ++run) {
    watched w{"amount"_f, psi(uniform_reference(), {.level = 0.01, .material = 0}), watch_window{200}};
    random_stream random(3, run);
    for (int i = 0; i < 4000; ++i) alarms += w.update({}, random.uniform());
  }
  CHECK(alarms < 14);  // 400 windows at 1%: 4, and 5 standard errors
}

TEST_CASE("watched: a detector alarms when it drifts; weights reach the monitor; files") {
  watched w{"error"_f, adwin{}};
  static_assert(!decltype(w)::has_windows);
  static_assert(sizeof(w) == sizeof(adwin) + 2 * 8 + 8 + sizeof(watch_line));
  for (int i = 0; i < 320; ++i) (void)w.update({}, i < 160 ? 0.0 : 1.0);
  CHECK(w.line().alarms > 0);
  CHECK(w.line().first_alarm > 160);
  CHECK(w.line().updates == 320);
  CHECK(laws::survives_file(w).has_value());

  watched amount{"amount"_f, psi(uniform_reference()), watch_window{10}};
  for (int i = 0; i < 4; ++i) (void)amount.update({}, 0.5, 2.0);
  CHECK(amount.monitor().effective_rows() == 4);
  CHECK(laws::survives_file(amount).has_value());
  const auto refused =
      laws::survives_damage(amount, {.mutations = 400, .truncations = 20}, [](watched<"amount", psi>& m) {
        if (m.monitor().reference().categorical()) return;
        for (int i = 0; i < 12; ++i) (void)m.update({}, 0.25);
      });
  REQUIRE(refused.has_value());
  CHECK(*refused > 40);
}

}  // namespace test_watched
