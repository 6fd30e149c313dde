#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/features.hpp"

#include <string_view>

namespace test_on {
using namespace mlsd;
using test_features::some_visits;
using test_features::visit;
using test_features::visits;

template <class Spec> auto fitted(const Spec& spec) { return spec.fit(some_visits(40)).value().features; }
template <class Features> std::vector<std::string> names(const Features& features) {
  std::vector<std::string> all;
  for (const auto& f : features.info()) all.push_back(f.name);
  return all;
}
using list = std::vector<std::string>;

TEST_CASE("a block comes out as one number for each place", "[features]") {
  const auto features = fitted(from<visits>() | on("past"_f)(as_number{}).as("before"_f));
  CHECK(names(features) == list{"before[0]", "before[1]"});
  CHECK(features(visit{.past = {3, 4}})["before"_f] == std::array<float, 2>{3, 4});
}

TEST_CASE("drop hides names, select hides all others, and later stages write anew", "[features]") {
  const auto start = from<visits>() | on("age"_f, "paid"_f)(as_number{}) | on("user"_f)(hashed<4>{});
  CHECK(names(fitted(start)) == list{"age", "paid", "user"});
  CHECK(names(fitted(start | drop("age"_f, "user"_f))) == list{"paid"});
  CHECK(names(fitted(start | only("user"_f, "age"_f))) == list{"age", "user"});
  const auto later = start | only("paid"_f) | on("age"_f)(clip{0, 1}) | on("city"_f)(ordinal{});
  CHECK(names(fitted(later)) == list{"paid", "age", "city"});
  // A dropped name can still be read.
  const auto hidden = start | drop("age"_f) | on("age"_f)(clip{0, 50}).as("clipped"_f);
  const auto features = fitted(hidden);
  CHECK(names(features) == list{"paid", "clipped", "user"});
  CHECK(features(visit{.age = 99})["clipped"_f] == 50);
}

TEST_CASE("trends are told by name, whoever writes under it last; the last word counts", "[features]") {
  const auto trends = [](const auto& features) {
    std::vector<int> all;
    for (const auto& f : features.info()) all.push_back(f.monotone);
    return all;
  };
  const auto start = from<visits>() | on("age"_f, "paid"_f)(as_number{}) | on("past"_f)(as_number{}).as("before"_f);
  CHECK(trends(fitted(start)) == std::vector<int>{0, 0, 0, 0});
  const auto told = start | rising("paid"_f) | falling("before"_f);
  CHECK(trends(fitted(told)) == std::vector<int>{0, 1, -1, -1});
  const auto later = told | on("paid"_f)(clip{0, 5}) | on("user"_f)(hashed<4>{});
  CHECK(names(fitted(later)) == list{"age", "before[0]", "before[1]", "paid", "user"});
  CHECK(trends(fitted(later)) == std::vector<int>{0, -1, -1, 1, 0});
  CHECK(trends(fitted(later | falling("paid"_f) | drop("before"_f))) == std::vector<int>{0, -1, 0});
}

TEST_CASE("a user's function gets values as they are stored", "[features]") {
  const auto spec =
      from<visits>() |
      derive(
          "code"_f, [](std::uint32_t user) noexcept { return static_cast<float>(user - 16'777'216u); }, "user"_f) |
      derive(
          "letters"_f, [](std::string_view city) noexcept { return static_cast<int>(city.size()); }, "city"_f) |
      derive(
          "sum"_f, [](float letters, const std::array<float, 2>& past) noexcept { return letters + past[1]; },
          "letters"_f, "past"_f);
  const auto features = fitted(spec);
  const auto row = features(visit{.city = "Lima", .user = 16'777'217, .past = {1, 2}});
  CHECK(row["code"_f] == 1);  // no float between: 16777217 is not one
  CHECK(row["letters"_f] == 4);
  CHECK(row["sum"_f] == 6);
}

struct last_bit {
  constexpr code operator()(std::uint32_t user) const noexcept { return {user & 1}; }
  static constexpr std::uint32_t cardinality() noexcept { return 2; }
};
struct first_letter {
  std::string_view operator()(category c) const noexcept { return c.text().substr(0, 1); }
};

TEST_CASE("an integer reaches a kernel of its type without a float between", "[features]") {
  const auto features = fitted(from<visits>() | on("user"_f)(last_bit{}));
  CHECK(features(visit{.user = 16'777'217})["user"_f].value == 1);
  CHECK(features(visit{.user = 4'294'967'295})["user"_f].value == 1);
}

TEST_CASE("a kernel may make a category that another stage reads", "[features]") {
  const auto table = some_visits(200);
  const auto spec =
      from<visits>() | on("city"_f)(first_letter{}).as("letter"_f) | on("letter"_f)(ordinal{}).as("letter_code"_f);
  const auto [features, x] = spec.fit(table).value();
  CHECK(features.info().size() == 1);
  const auto batch = features(table);
  for (std::size_t i = 0; i < table.size(); ++i)
    CHECK(features(table.row(i))["letter_code"_f].value == batch.code(0)[i]);
  CHECK(features(visit{.city = "Rio"})["letter_code"_f] == features(visit{.city = "Rome"})["letter_code"_f]);
}

TEST_CASE("a kernel over time stamps or codes stands in a pipeline and in a fusion", "[features]") {
  struct is_night {
    constexpr float operator()(code hour) const noexcept { return hour.value < 6 ? 1.0f : 0.0f; }
  };
  const auto features = fitted(from<visits>() | on("time"_f)(hour_of_day{} >> is_night{}).as("night"_f));
  CHECK(features(visit{.time = {5 * 3'600'000}})["night"_f] == 1);
  CHECK(features(visit{.time = {6 * 3'600'000}})["night"_f] == 0);
}

}  // namespace test_on
