#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/features.hpp"

#include <bit>
#include <cmath>
#include <string>
#include <vector>

namespace test_spec {
using namespace mlsd;
using test_features::some_visits;
using test_features::visits;

auto spec() {
  return from<visits>() | on("age"_f)(impute{impute::median} >> standardize{}) | on("city"_f)(ordinal{.min_count = 3}) |
         on("user"_f)(target_encode{.smoothing = 5}).as("user_rate"_f) | on("user_rate"_f)(standardize{});
}

bool same_bits(const feature_matrix& a, const feature_matrix& b) {
  if (a.rows() != b.rows() || a.number_columns() != b.number_columns() || a.code_columns() != b.code_columns())
    return false;
  for (std::size_t j = 0; j < a.number_columns(); ++j)
    for (std::size_t i = 0; i < a.rows(); ++i)
      if (std::bit_cast<std::uint32_t>(a.number(j)[i]) != std::bit_cast<std::uint32_t>(b.number(j)[i])) return false;
  for (std::size_t j = 0; j < a.code_columns(); ++j)
    for (std::size_t i = 0; i < a.rows(); ++i)
      if (a.code(j)[i] != b.code(j)[i]) return false;
  return true;
}

TEST_CASE("fit returns the pipeline and the training rows with their outcome", "[features]") {
  auto table = some_visits(500);
  table["importance"_f][3] = 0.5f;
  const auto [features, x] = spec().fit(table).value();
  CHECK(x.size() == 500);
  CHECK(x.label()[7] == (table.row(7).bought ? 1.0f : 0.0f));
  CHECK(x.weight()[3] == 0.5f);
  CHECK(x.rows().group.empty());
  CHECK(std::vector(x.x().info().begin(), x.x().info().end()) == features.info());
}

TEST_CASE("only encoders that see labels differ between training rows and new rows", "[features]") {
  const auto table = some_visits(400);
  const auto [features, x] = spec().fit(table).value();
  const feature_matrix plain = features(table);
  std::size_t different = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK(x.x().number(0)[i] == plain.number(0)[i]);
    CHECK(x.x().code(0)[i] == plain.code(0)[i]);
    different += x.x().number(1)[i] != plain.number(1)[i];
  }
  CHECK(different > 390);
}

TEST_CASE("no row's own label reaches its training value through any stage before a learner of moments", "[features]") {
  const auto raw = from<visits>() | on("user"_f, "city"_f)(target_encode{.smoothing = 1, .seed = 9});
  auto table = some_visits(120);
  const auto before = raw.fit(table).value();
  for (std::size_t flipped : {0u, 17u, 63u}) {
    auto other = some_visits(120);
    other["bought"_f][flipped] ^= 1;
    const auto after = raw.fit(other).value();
    for (std::size_t j = 0; j < 2; ++j) {
      // The flip moves rows between strata, so folds may change: the law is checked where they did not.
      const auto fold = detail::assign_folds(120, 5, 9, before.x.label(), {});
      const auto new_fold = detail::assign_folds(120, 5, 9, after.x.label(), {});
      if (fold != new_fold) continue;
      CHECK(before.x.x().number(j)[flipped] == after.x.x().number(j)[flipped]);
    }
  }
  // A category of one row: its training value is the others' prior, its value for new rows is not.
  table["user"_f][5] = 999;
  table["bought"_f][5] = 1;
  const auto [features, x] = raw.fit(table).value();
  const auto fold = detail::assign_folds(120, 5, 9, x.label(), {});
  double sum = 0, rows = 0;
  for (std::size_t i = 0; i < 120; ++i)
    if (fold[i] != fold[5]) sum += static_cast<double>(x.label()[i]), rows += 1;
  CHECK(x.x().number(0)[5] == Approx(sum / rows));
  CHECK(features(table.row(5)).numbers[0] > 0.5f);
}

TEST_CASE("a fit counts a row as often as its weight says", "[features]") {
  const auto learn = from<visits>() | on("age"_f)(impute{impute::mean} >> standardize{}) |
                     on("city"_f)(ordinal{.min_count = 20}) | on("user"_f)(target_encode{.smoothing = 5});
  auto weighted = some_visits(200);
  frame<visits> repeated;
  for (std::size_t i = 0; i < weighted.size(); ++i) {
    const auto w = 1 + i % 3;
    weighted["importance"_f][i] = static_cast<float>(w);
    auto row = weighted.row(i);
    row.importance = 1;
    for (std::size_t k = 0; k < w; ++k) repeated.push_back(row);
  }
  const auto a = learn.fit(weighted).value().features, b = learn.fit(repeated).value().features;
  for (std::size_t i = 0; i < weighted.size(); ++i) {
    const auto one = a(weighted.row(i)), other = b(weighted.row(i));
    CHECK(one["age"_f] == Approx(other["age"_f]).margin(1e-5));
    CHECK(one["city"_f] == other["city"_f]);
    CHECK(one["user"_f] == Approx(other["user"_f]));
  }
}

TEST_CASE("bits do not depend on the number of threads", "[features][threads]") {
  const auto table = some_visits(5'000);
  const auto alone = spec().fit(table).value();
  for (const std::size_t count : {1u, 2u, 3u}) {
    threads pool(count);
    const auto together = spec().fit(table, pool).value();
    CHECK(same_bits(together.x.x(), alone.x.x()));
    CHECK(same_bits(together.features(table, pool), alone.features(table)));
  }
}

template <class Result> void check_error(const Result& r, errc kind, const char* part) {
  REQUIRE_FALSE(r);
  INFO(r.error().message);
  CHECK(r.error().code == kind);
  CHECK(r.error().message.find(part) != std::string::npos);
}

TEST_CASE("bad training rows are errors that name the culprit", "[features]") {
  check_error(spec().fit({}), errc::empty, "no rows");
  auto table = some_visits(50);
  for (float& age : table["age"_f]) age = test_features::nan;
  check_error(spec().fit(table), errc::empty, "feature 'age': every value is missing");
  table = some_visits(50);
  table["importance"_f][31] = -1;
  check_error(spec().fit(table), errc::not_finite, "row 31: the weight");
  table["importance"_f][31] = test_features::nan;
  check_error(spec().fit(table), errc::not_finite, "row 31: the weight");
  const auto encode = [](target_encode e) { return from<visits>() | on("city"_f)(e).as("rate"_f); };
  table = some_visits(50);
  check_error(encode({.smoothing = -1}).fit(table), errc::invalid_argument, "feature 'rate': smoothing");
  check_error(encode({.folds = 1}).fit(table), errc::invalid_argument, "feature 'rate': folds");
  check_error(encode({.folds = 256}).fit(table), errc::invalid_argument, "feature 'rate': folds");
  check_error(encode({}).fit(some_visits(1)), errc::invalid_argument, "one fold");
}

struct outcome {
  float x, y;
  std::uint32_t query;
};
constexpr schema outcomes{"x"_f = &outcome::x, "y"_f = label(&outcome::y), "query"_f = group_key(&outcome::query)};

TEST_CASE("a label that is not finite is an error with its row", "[features]") {
  frame<outcomes> table;
  for (int i = 0; i < 9; ++i) table.push_back({1, 1, 0});
  table["y"_f][4] = test_features::nan;
  check_error((from<outcomes>() | on("x"_f)(standardize{})).fit(table), errc::not_finite, "row 4: the label");
}

TEST_CASE("groups are numbered by their first rows and kept whole in cross-fitting", "[features]") {
  frame<outcomes> table;
  for (std::uint32_t i = 0; i < 100; ++i)
    table.push_back({static_cast<float>(i % 5), static_cast<float>(i % 2), 4'000'000'000u - i / 10});
  const auto encode = from<outcomes>() | on("query"_f)(target_encode{.smoothing = 4});
  const auto fitted = encode.fit(table).value();
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(fitted.x.rows().group[i] == i / 10);
  // Its group is in no other fold, so all that a row knows of its group is the prior of the others: one value a fold.
  const auto column = fitted.x.x().number(0);
  for (std::size_t i = 0; i < 100; ++i) CHECK(column[i] == column[i / 10 * 10]);
  for (auto& q : table["query"_f]) q = 1;
  check_error(encode.fit(table), errc::invalid_argument, "one fold");
}

}  // namespace test_spec
