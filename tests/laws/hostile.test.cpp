#include "laws/whole_system.hpp"

#include "catch.hpp"
#include "round_trip.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace test_hostile {

TEST_CASE("a hostile file: 10,000 damaged and resealed files are errors or harmless") {
  const auto rows = whole_system::table(400);
  const whole_system::system s = whole_system::train(rows);
  double sum = 0;
  int served = 0;
  const int refused = mlsd_test::mutate(s, 10'000, [&](const whole_system::system& damaged) {
    ++served;
    for (std::size_t i = 0; i < 8; ++i) sum += damaged.trees(rows.row(i)) + damaged.line(rows.row(i));
  });
  CHECK(refused + served == 10'000);
  CHECK(refused > 1000);
  CHECK(served > 100);
  static_cast<void>(sum);
}

TEST_CASE("a hostile file: every truncation is an error with a position") {
  const std::vector<std::byte> bytes = mlsd::to_bytes(whole_system::train(whole_system::table(300)));
  const auto load = [&](std::size_t n) { return mlsd::from_bytes<whole_system::system>(std::span(bytes).first(n)); };
  REQUIRE(load(bytes.size()));
  int wrong = 0;
  for (std::size_t n = 0; n < bytes.size(); n += n < 4096 || n + 512 > bytes.size() ? 1u : 61u) {
    const auto loaded = load(n);
    wrong += loaded.has_value() || loaded.error().position == mlsd::error::no_position;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a hostile file: a file of another type names what differs") {
  const auto bytes = mlsd::to_bytes(whole_system::train(whole_system::table(300)).trees);
  const auto loaded = mlsd::from_bytes<whole_system::system>(bytes);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == mlsd::errc::mismatch);
}

}  // namespace test_hostile
