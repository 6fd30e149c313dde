#include "mlsd/data/sessions.hpp"
#include "catch.hpp"

#include <vector>

namespace test_sessions {
using namespace mlsd;

/// The items of each session.
std::vector<std::vector<std::uint32_t>> sessions(const interactions& data, const session_options& how) {
  const auto cut = cut_into_sessions(data, how).value();
  std::vector<std::vector<std::uint32_t>> all;
  for (std::size_t s = 0; s < cut.users(); ++s) {
    const auto row = cut.by_user()[s].index;
    all.emplace_back(row.begin(), row.end());
  }
  CHECK(cut.items() == data.items());
  return all;
}
using lists = std::vector<std::vector<std::uint32_t>>;

TEST_CASE("sessions: windows overlap and reach the end, gaps part them, users never share one") {
  std::vector<interaction> events;
  for (std::uint32_t k = 0; k < 7; ++k) events.push_back({0, k, 2, {k < 5 ? k : k + 100}});
  events.push_back({2, 9, 1, {3}});
  const auto data = interactions::make(events).value();
  CHECK(sessions(data, {}) == lists{{0, 1, 2, 3, 4, 5, 6}, {9}});
  CHECK(sessions(data, {.length = 4, .step = 2}) == lists{{0, 1, 2, 3}, {2, 3, 4, 5}, {4, 5, 6}, {9}});
  CHECK(sessions(data, {.length = 3, .step = 3}) == lists{{0, 1, 2}, {3, 4, 5}, {6}, {9}});
  CHECK(sessions(data, {.gap = milliseconds(50)}) == lists{{0, 1, 2, 3, 4}, {5, 6}, {9}});
  CHECK(sessions(data, {.length = 3, .step = 2, .gap = milliseconds(1)}) == lists{{0, 1, 2}, {2, 3, 4}, {5, 6}, {9}});
  const auto cut = cut_into_sessions(data, {.length = 4, .step = 2}).value();
  CHECK(cut.by_user()[2].value_of(1) == 2);
  CHECK(cut.times_of(2)[1] == timestamp{105});
}

TEST_CASE("sessions: nothing to cut, and bad settings") {
  CHECK(cut_into_sessions({}).value().users() == 0);
  CHECK_FALSE(cut_into_sessions({}, {.length = 0}));
  CHECK_FALSE(cut_into_sessions({}, {.step = 0}));
  CHECK_FALSE(cut_into_sessions({}, {.length = 3, .step = 4}));
}

}  // namespace test_sessions
