#include "mlsd/experiment/assign.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "mlsd/stats/chi_squared.hpp"
#include "mlsd/testing/laws/files.hpp"

namespace test_assign {

using mlsd::assignment;
using mlsd::assignment_config;

double p_of_counts(const std::vector<double>& seen, const std::vector<double>& shares) {
  double n = 0, sum = 0, distance = 0;
  for (const double c : seen) n += c;
  for (const double s : shares) sum += s;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double expected = n * shares[i] / sum;
    distance += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  return mlsd::chi_squared{double(seen.size() - 1)}.survival(distance);
}

TEST_CASE("assignment: arms hold their shares, for consecutive numbers and for text") {
  const std::vector<double> shares{0.5, 0.3, 0.2};
  for (const char* name : {"checkout", "ranking v2", "x"}) {
    const auto split = assignment::make({.experiment = name, .shares = shares}).value();
    std::vector<double> numbers(3), texts(3);
    for (int u = 0; u < 60'000; ++u) {
      ++numbers[split(u).value()];
      if (u < 20'000) ++texts[split("user-" + std::to_string(u)).value()];
    }
    CHECK(p_of_counts(numbers, shares) > 1e-3);
    CHECK(p_of_counts(texts, shares) > 1e-3);
  }
}

TEST_CASE("assignment: experiments split independently of each other and of their layer") {
  const auto a = assignment::make({.experiment = "a", .layer = "page"}).value();
  const auto b = assignment::make({.experiment = "b", .layer = "page"}).value();
  const auto named_alike = assignment::make({.experiment = "page", .layer = "page", .to = 0.5}).value();
  std::vector<double> together(4), alike(2);
  for (std::uint32_t u = 0; u < 40'000; ++u) {
    ++together[2 * a(u).value() + b(u).value()];
    if (const auto arm = named_alike(u)) ++alike[*arm];
  }
  CHECK(p_of_counts(together, {1, 1, 1, 1}) > 1e-3);
  CHECK(p_of_counts(alike, {1, 1}) > 1e-3);
  CHECK(alike[0] + alike[1] == Approx(20'000).margin(400));
}

TEST_CASE("assignment: experiments of one layer never share a unit") {
  const auto first = assignment::make({.experiment = "one", .layer = "search", .to = 0.3}).value();
  const auto second = assignment::make({.experiment = "two", .layer = "search", .from = 0.3, .to = 0.8}).value();
  int in_first = 0, in_second = 0;
  for (std::uint64_t u = 0; u < 50'000; ++u) {
    CHECK_FALSE((first(u) && second(u)));
    in_first += first(u).has_value();
    in_second += second(u).has_value();
  }
  CHECK(in_first == Approx(15'000).margin(450));
  CHECK(in_second == Approx(25'000).margin(500));
}

TEST_CASE("assignment: wider ranges keep who has an arm; the same everywhere") {
  const auto narrow = assignment::make({.experiment = "ramp", .to = 0.1}).value();
  const auto wide = assignment::make({.experiment = "ramp", .to = 0.6}).value();
  for (std::int64_t u = 0; u < 20'000; ++u)
    if (narrow(u)) REQUIRE(narrow(u) == wide(u));
  CHECK(narrow(std::uint8_t{77}) == narrow(std::int64_t{77}));
  // pinned: a unit must keep its arm in every release
  std::string arms;
  const auto split = assignment::make({.experiment = "pinned", .shares = {1, 1, 1}, .to = 0.9}).value();
  for (int u = 0; u < 24; ++u) arms += split(u) ? static_cast<char>('0' + *split(u)) : '-';
  CHECK(arms == "2100-0020021202201120112");
}

TEST_CASE("assignment: shares of 0, rounding, bad settings") {
  const auto uneven = assignment::make({.experiment = "e", .shares = {0, 0.1, 0.2, 0.7, 0}}).value();
  std::vector<int> seen(5);
  for (int u = 0; u < 20'000; ++u) ++seen[uneven(u).value()];
  CHECK(seen[0] == 0);
  CHECK(seen[4] == 0);
  CHECK(seen[1] > 1500);
  CHECK_FALSE(assignment{}(1).has_value());
  const double infinite = (std::numeric_limits<double>::infinity)();
  for (const auto& bad :
       {assignment_config{.experiment = ""}, assignment_config{.experiment = "e", .shares = {}},
        assignment_config{.experiment = "e", .shares = {0, 0}}, assignment_config{.experiment = "e", .shares = {1, -1}},
        assignment_config{.experiment = "e", .shares = {1, infinite}},
        assignment_config{.experiment = "e", .from = 0.5, .to = 0.4}, assignment_config{.experiment = "e", .to = 1.5},
        assignment_config{.experiment = "e", .from = std::nan("")}}) {
    const auto made = assignment::make(bad);
    REQUIRE_FALSE(made.has_value());
    CHECK((bad.experiment.empty() || made.error().message.find("'e'") != std::string::npos));
  }
}

TEST_CASE("assignment: files give it back, damaged ones do no harm") {
  const auto split = assignment::make({.experiment = "e", .shares = {1, 2, 3}, .layer = "l", .to = 0.7}).value();
  CHECK(mlsd::laws::survives_file(split).has_value());
  const auto refused = mlsd::laws::survives_damage(split, {.mutations = 800, .truncations = 50}, [](assignment& a) {
    for (int u = 0; u < 20; ++u)
      if (const auto arm = a(u)) REQUIRE(*arm < a.arms());
  });
  REQUIRE(refused.has_value());
  CHECK(*refused > 100);
}

}  // namespace test_assign
