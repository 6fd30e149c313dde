#include "mlsd/features/ordinal.hpp"
#include "catch.hpp"
#include "golden_table.hpp"

#include <map>
#include <string>
#include <vector>

namespace test_ordinal {
using namespace mlsd;

ordinal::fitted fit(const ordinal& config, const std::vector<std::string>& x, const std::vector<float>& w = {}) {
  ordinal::statistics s;
  for (std::size_t i = 0; i < x.size(); ++i) config.observe(s, category(x[i]), w.empty() ? 1.0f : w[i]);
  return config.fit(s);
}

TEST_CASE("codes fall with frequency; missing is 0, unseen is 1", "[features]") {
  const auto f = fit({}, {"b", "a", "", "a", "c", "b", "a"});
  CHECK(f(category("a")).value == 2);
  CHECK(f(category("b")).value == 3);
  CHECK(f(category("c")).value == 4);
  CHECK(f(category{}).value == 0);
  CHECK(f(category("z")).value == 1);
  CHECK(f.cardinality() == 5);
  CHECK(f.knows(category("c")));
  CHECK_FALSE(f.knows(category("z")));
  CHECK(f.name(code{4}) == category("c"));
  CHECK(fit({}, {}).cardinality() == 2);
  CHECK(fit({}, {"y", "x"})(category("y")).value == 2);  // ties in the order of their first row
}

TEST_CASE("rare categories share the code of the unseen", "[features]") {
  const std::vector<std::string> x{"a", "a", "a", "b", "b", "c"};
  const auto frequent = fit({.min_count = 2}, x);
  CHECK(frequent(category("b")).value == 3);
  CHECK(frequent(category("c")).value == 1);
  CHECK(frequent.cardinality() == 4);
  const auto few = fit({.max_categories = 1}, x);
  CHECK(few(category("a")).value == 2);
  CHECK(few(category("b")).value == 1);
  CHECK(fit({.min_count = 0}, {"a", "b"}, {1, 0}).cardinality() == 4);
}

TEST_CASE("a weight counts its category as often", "[features]") {
  const auto weighted = fit({.min_count = 3}, {"a", "b", "c"}, {2, 5, 3}),
             repeated = fit({.min_count = 3}, {"a", "a", "b", "b", "b", "b", "b", "c", "c", "c"});
  for (const char* c : {"a", "b", "c"}) CHECK(weighted(category(c)) == repeated(category(c)));
}

TEST_CASE("parts merge to the whole, in the order of the rows", "[features]") {
  const ordinal config;
  ordinal::statistics left, right;
  for (const char* c : {"x", "y", "y"}) config.observe(left, category(c), 1);
  for (const char* c : {"z", "x", "w", "z"}) config.observe(right, category(c), 1);
  left.merge(right);
  const auto merged = config.fit(left), whole = fit(config, {"x", "y", "y", "z", "x", "w", "z"});
  for (const char* c : {"x", "y", "z", "w"}) CHECK(merged(category(c)) == whole(category(c)));
}

TEST_CASE("ordinal tells apart the categories that scikit-learn's OrdinalEncoder tells apart", "[features]") {
  const mlsd_test::golden_table train("features/cat/train.csv"), test("features/cat/test.csv"),
      expected("features/cat/ordinal_unknown_m1.out.csv");
  if (train.empty()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  for (const char* name : {"c1", "c2", "c3"}) {
    const auto f = fit({}, train.texts(name));
    const auto rows = test.texts(name);
    const auto wanted = expected.numbers(name);
    REQUIRE(rows.size() == wanted.size());
    std::map<double, code> pairs;
    std::map<code, double> back;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].empty()) continue;  // missing here, a category there
      const code got = f(category(rows[i]));
      CHECK((got.value == ordinal::fitted::unseen) == (wanted[i] == -1));
      CHECK(pairs.try_emplace(wanted[i], got).first->second == got);
      CHECK(back.try_emplace(got, wanted[i]).first->second == wanted[i]);
    }
  }
}

}  // namespace test_ordinal
