#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/features.hpp"

namespace test_audit {
using namespace mlsd;
using test_features::some_visits;
using test_features::visits;

TEST_CASE("an audit counts the missing and the unseen values that stages read", "[features]") {
  const auto spec = from<visits>() | on("age"_f)(impute{} >> standardize{}) | on("children"_f)(impute{}) |
                    on("city"_f)(ordinal{}) | on("user"_f)(target_encode{}).as("rate"_f) | on("rate"_f)(standardize{});
  const auto features = spec.fit(some_visits(100)).value().features;
  auto table = some_visits(50, 8);
  for (float& age : table["age"_f]) age = 1;
  table["age"_f][3] = test_features::nan;
  table["children"_f][0].reset();
  for (std::size_t i = 1; i < 50; ++i) table["children"_f][i] = 0;
  for (auto& user : table["user"_f]) user = table["user"_f][0];
  table["user"_f][9] = 12;
  table["user"_f][10] = 13;
  std::uint64_t no_city = 0;
  for (std::size_t i = 0; i < 50; ++i) no_city += table["city"_f][i].empty();

  const auto lines = audit(features, table);
  REQUIRE(lines.size() == 4);  // what a stage made is no field of the table
  CHECK((lines[0].read == "age" && lines[0].missing == 1 && lines[0].unseen == 0 && lines[0].rows == 50));
  CHECK((lines[1].read == "children" && lines[1].missing == 1));
  CHECK((lines[2].read == "city" && lines[2].missing == no_city && lines[2].unseen == 0));
  CHECK((lines[3].read == "user" && lines[3].written == "rate" && lines[3].unseen == 2));
  CHECK(audit(features, frame<visits>{})[0].rows == 0);
}

TEST_CASE("unseen categories are counted through a fusion", "[features]") {
  struct is_rome {
    constexpr float operator()(code c) const noexcept { return c.value == 2 ? 1.0f : 0.0f; }
  };
  const auto features = (from<visits>() | on("city"_f)(ordinal{} >> is_rome{})).fit(some_visits(30)).value().features;
  auto table = some_visits(3);
  auto row = table.row(0);
  row.city = "Quito";
  table.push_back(row);
  CHECK(audit(features, table)[0].unseen == 1);
}

}  // namespace test_audit
