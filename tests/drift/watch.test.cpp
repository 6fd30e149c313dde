#include "mlsd/drift/watch.hpp"

#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/ks.hpp"
#include "mlsd/drift/page_hinkley.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/testing/laws/files.hpp"

namespace test_watch {

using namespace mlsd;
using namespace mlsd::literals;

/// A part of a system that is a template of its watch.
template <class Watch> struct service {
  [[no_unique_address]] Watch drift;
  int served = 0;
  double serve(double amount) noexcept {
    ++served;
    drift.update("amount"_f, amount);
    return amount * 2;
  }
};

TEST_CASE("watch: which one alarmed, and when") {
  random_stream random(1);
  std::vector<float> x(4000);
  for (float& v : x) v = random.uniform_float();
  const std::span<const float> column(x);
  watch drift{watched{"amount"_f, psi(psi_reference::from(column)), watch_window{500}},
              watched{"amount"_f, ks(ks_reference::from(column)), watch_window{250}}, watched{"error"_f, adwin{}},
              watched{"latency"_f, page_hinkley{}}};
  CHECK(drift.size() == 4);
  CHECK(drift.names()[2] == "error");
  drift.set_time({1000});
  for (int i = 0; i < 2000; ++i) {
    CHECK_FALSE(drift.update("amount"_f, random.uniform()).drifted);
    CHECK_FALSE(drift.update("error"_f, random.bernoulli(0.1) ? 1.0 : 0.0).drifted);
  }
  drift.set_time({2000});
  bool seen = false;
  for (int i = 0; i < 500; ++i) seen |= drift.update("amount"_f, 0.7 * random.uniform()).drifted;
  CHECK(seen);
  const auto lines = drift.lines();
  CHECK(lines[0] == watch_line{2500, 1, 2500, 2500, {2000}});
  CHECK(lines[1] == watch_line{2500, 2, 2250, 2500, {2000}});
  CHECK(lines[2] == watch_line{2000, 0, 0, 0, {}});
  CHECK(lines[3].updates == 0);
  CHECK(drift.alarms() == 3);
  CHECK(drift["error"_f].monitor().width() == 2000);
  CHECK(drift.at<1>().verdict());
  static_assert(std::is_same_v<decltype(drift["amount"_f].monitor()), const psi&>);
  CHECK(laws::survives_file(drift).has_value());

  auto loaded = from_bytes<decltype(drift)>(to_bytes(drift)).value();
  for (int i = 0; i < 600; ++i) {
    const double error = random.bernoulli(0.6) ? 1 : 0;
    REQUIRE(loaded.update("error"_f, error).drifted == drift.update("error"_f, error).drifted);
  }
  CHECK(loaded.lines()[2] == drift.lines()[2]);
  CHECK(loaded.lines()[2].alarms > 0);
}

TEST_CASE("watch: one that watches nothing takes no room and answers every call") {
  static_assert(std::is_empty_v<watch<>> && std::is_trivially_copyable_v<watch<>>);
  static_assert(sizeof(service<watch<>>) == sizeof(int));
  service<watch<>> quiet{};
  CHECK(quiet.serve(3) == 6);
  quiet.drift.set_time({1});
  CHECK_FALSE(quiet.drift.update("anything"_f, 1.0).drifted);
  CHECK(quiet.drift.alarms() == 0);
  CHECK(quiet.drift.lines().size() == 0);
  CHECK(watch{}.size() == 0);
  service<watch<watched<"amount", page_hinkley>>> loud{};
  CHECK(loud.serve(3) == 6);
  CHECK(loud.drift["amount"_f].line().updates == 1);
}

}  // namespace test_watch
