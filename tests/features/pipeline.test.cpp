#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/features.hpp"

#include <bit>
#include <cmath>
#include <vector>

namespace test_pipeline {
using namespace mlsd;
using test_features::nan;
using test_features::some_visits;
using test_features::visit;
using test_features::visits;

struct total {
  float operator()(double paid, std::optional<int> children) const noexcept {
    return static_cast<float>(paid) + (children ? static_cast<float>(*children) : 0.0f);
  }
};

auto fitted() {
  const auto spec = from<visits>() | on("city"_f)(ordinal{}) | on("past"_f)(log_plus_one{}) |
                    on("age"_f)(impute{.by = impute::constant, .value = 30}).as("full_age"_f) |
                    on("age"_f)(is_missing{}).as("no_age"_f) | derive("total"_f, total{}, "paid"_f, "children"_f) |
                    on("full_age"_f)(clip{0, 50}) | cross<10>("city_user"_f, "city"_f, "user"_f) |
                    on("time"_f)(hour_of_day{}).as("hour"_f) | drop("hour"_f);
  return spec.fit(some_visits(300)).value();
}

TEST_CASE("what stages wrote comes out, the newest value of a name, in the order of the stages", "[features]") {
  const auto info = fitted().features.info();
  const std::vector<std::string> names{"past[0]", "past[1]", "no_age", "total", "full_age", "city", "city_user"};
  REQUIRE(info.size() == names.size());
  for (std::size_t f = 0; f < names.size(); ++f) CHECK(info[f].name == names[f]);
  CHECK_FALSE(info[4].is_code());
  CHECK(info[5].cardinality == 6);  // missing, unseen and four cities
  CHECK(info[6].cardinality == 1024);
}

TEST_CASE("a row of a record that needs no label", "[features]") {
  const auto [features, x] = fitted();
  visit v;
  v.age = 70;
  v.paid = 2.5;
  v.city = "Paris";
  v.past = {0, 3};
  const auto row = features(v);
  CHECK(row["full_age"_f] == 50);
  CHECK(row["no_age"_f] == 0);
  CHECK(row["total"_f] == 2.5f);
  CHECK(row["city"_f].value == ordinal::fitted::unseen);
  CHECK(row["past"_f][0] == 0);
  CHECK(row["past"_f][1] == log_plus_one{}(3.0f));
  v.age = nan;
  v.children = 2;
  CHECK(features(v)["full_age"_f] == 30);
  CHECK(features(v)["no_age"_f] == 1);
  CHECK(features(v)["total"_f] == 4.5f);
  const mixed_row mixed = row;
  CHECK(mixed.numbers.size() == 5);
  CHECK(mixed.codes.size() == 2);
}

/// Some other struct, with other types, in another order, without a label.
struct request {
  std::uint64_t user = 0;
  std::string city{};
  std::array<float, 2> past{};
  timestamp time{};
  std::int8_t children = 0;
  std::optional<float> age{};
  float paid = 0;
};
constexpr schema requests{"user"_f = &request::user, "city"_f = &request::city,         "past"_f = &request::past,
                          "time"_f = &request::time, "children"_f = &request::children, "age"_f = &request::age,
                          "paid"_f = &request::paid};

TEST_CASE("a record of another struct gives the same bits", "[features]") {
  const auto [features, x] = fitted();
  const auto table = some_visits(100, 7);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const visit v = table.row(i);
    if (!v.children) continue;
    request r{v.user, std::string(v.city),       v.past, v.time, static_cast<std::int8_t>(*v.children),
              v.age,  static_cast<float>(v.paid)};
    if (std::isnan(v.age)) r.age.reset();
    const auto a = features(v), b = features.template read<requests>(r);
    CHECK(std::bit_cast<std::array<std::uint32_t, 5>>(a.numbers) ==
          std::bit_cast<std::array<std::uint32_t, 5>>(b.numbers));
    CHECK(a.codes == b.codes);
  }
}

TEST_CASE("rows of a table, a slice of it and an empty one", "[features]") {
  const auto [features, x] = fitted();
  const auto table = some_visits(2'100, 3);
  const auto all = features(table), some = features.rows(table, 1'000, 1'050);
  for (std::size_t i = 0; i < some.rows(); ++i) {
    CHECK(some.number(3)[i] == all.number(3)[1'000 + i]);
    CHECK(some.code(0)[i] == all.code(0)[1'000 + i]);
  }
  CHECK(features(frame<visits>{}).rows() == 0);
  CHECK(features(frame<visits>{}).number_columns() == 5);
  const auto rows = features.labelled(table);
  CHECK(rows.label.size() == table.size());
  CHECK(rows.weight.size() == table.size());
}

TEST_CASE("a saved pipeline opens again; one that reads or does other things does not", "[features]") {
  const auto spec = from<visits>() | on("age"_f)(clip{0, 9}) | on("user"_f)(hashed<6>{});
  const auto bytes = to_bytes(spec.fit(some_visits(20)).value().features);
  const auto opens = [&]<class Spec>(const Spec&) { return from_bytes<typename Spec::pipeline_type>(bytes); };
  CHECK(opens(spec).value()(visit{.age = 70}).numbers[0] == 9);
  CHECK_FALSE(opens(from<visits>() | on("age"_f)(clip{0, 9}) | on("user"_f)(hashed<7>{})));
  CHECK_FALSE(opens(from<visits>() | on("age"_f)(clip{0, 9}) | on("children"_f)(hashed<6>{})));
  CHECK_FALSE(opens(from<visits>() | on("age"_f)(clip{0, 9}) | on("city"_f)(hashed<6>{}).as("user2"_f)));
  const auto other = opens(from<visits>() | on("age"_f)(log_plus_one{}) | on("user"_f)(hashed<6>{}));
  REQUIRE_FALSE(other);
  CHECK(other.error().message.find("0:age") != std::string::npos);
}

}  // namespace test_pipeline
