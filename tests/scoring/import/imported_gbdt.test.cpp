#include "mlsd/scoring/import/imported_gbdt.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/testing/laws.hpp"
#include "round_trip.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace test_imported_gbdt {

using namespace mlsd;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Two outputs, two iterations: output k gets 1 + k for x <= t and 10 (1 + k) beyond, then 100 (1 + k) for all.
imported_gbdt two_outputs(double t = 0) {
  std::vector<gbdt_tree> trees;
  for (std::uint32_t k = 0; k < 2; ++k) {
    const double v = 1 + k;
    trees.push_back({.splits = {{.threshold = t}}, .leaves = {v, 10 * v}, .output = k});
  }
  for (std::uint32_t k = 0; k < 2; ++k) trees.push_back({.leaves = {100.0 * (1 + k)}, .output = k});
  return {
      .model = gbdt_model::build({.number_columns = 1, .base = {0, 0}, .trees = trees, .bias = {0.5, 0.25}}).value(),
      .trees_per_iteration = 2};
}

template <class Row> std::vector<double> raw(const imported_gbdt& m, const Row& x, iteration_range range = {}) {
  std::vector<double> out(m.outputs());
  m.raw(x, out, range);
  return out;
}

TEST_CASE("imported gbdt: columns of the source in the model, where numbers come first") {
  imported_gbdt m{.model = gbdt_model::build({.number_columns = 2, .code_columns = 2}).value()};
  CHECK_FALSE(m.validate());
  m.texts = {1, 0, 1, 0};
  REQUIRE(m.validate());
  CHECK(m.model_columns() == std::vector<std::uint32_t>{2, 0, 3, 1});
  CHECK(two_outputs().model_columns() == std::vector<std::uint32_t>{0});
}

TEST_CASE("imported gbdt: margins, ranges of iterations, leaves") {
  imported_gbdt m = two_outputs();
  REQUIRE(m.validate());
  const double low[] = {-1}, high[] = {1};
  const float low_f[] = {-1};
  using row = std::vector<double>;
  CHECK(raw(m, std::span(low)) == row{101.5, 202.25});
  CHECK(raw(m, std::span(high)) == row{110.5, 220.25});
  CHECK(raw(m, std::span(low_f)) == raw(m, std::span(low)));
  CHECK(raw(m, std::span(high), {.last = 1}) == row{10.5, 20.25});
  CHECK(raw(m, std::span(high), {.first = 1}) == row{100, 200});
  CHECK(raw(m, std::span(low_f), {.first = 1, .last = 2}) == row{100, 200});
  CHECK(raw(m, std::span(low), {.first = 9, .last = 3}) == row{0, 0});
  CHECK(m.iterations() == 2);

  std::uint32_t leaf[4];
  m.leaves(std::span(high), leaf);
  CHECK(std::vector<std::uint32_t>(leaf, leaf + 4) == std::vector<std::uint32_t>{1, 1, 0, 0});
  m.leaf_names = {1, 2, 3, 4, 5, 6};
  REQUIRE(m.validate());
  m.leaves(std::span(low_f), leaf);
  CHECK(std::vector<std::uint32_t>(leaf, leaf + 4) == std::vector<std::uint32_t>{1, 3, 5, 6});
}

TEST_CASE("imported gbdt: where the source rounds rows to float, so do rows of doubles") {
  imported_gbdt m = two_outputs(1);
  const double x[] = {1 + 1e-12};
  CHECK(raw(m, std::span(x))[0] == 110.5);
  m.float_rows = true;
  CHECK(raw(m, std::span(x))[0] == 101.5);
  std::uint32_t leaf[4];
  m.leaves(std::span(x), leaf);
  CHECK(leaf[0] == 0);
}

TEST_CASE("imported gbdt: predictions, averages, classes that no tree knows") {
  imported_gbdt m = two_outputs();
  const double x[] = {1};
  std::vector<double> buffer(m.room());
  m.prediction.averaged = true;
  CHECK(m.predict(std::span(x), std::span(buffer))[0] == 55.25);
  CHECK(m.predict(std::span(x), std::span(buffer), {.first = 1})[1] == 200);
  m.prediction = {.kind = prediction_kind::class_number};
  CHECK(m.predictions() == 1);
  CHECK(m.predict(std::span(x), std::span(buffer)).size() == 1);
  CHECK(buffer[0] == 1);

  m.margin_of = {1, 3};
  m.all_margins = 5;
  REQUIRE(m.validate());
  CHECK(raw(m, std::span(x)) == std::vector<double>{-infinity, 110.5, -infinity, 220.25, -infinity});
  buffer.resize(m.room());
  CHECK(m.predict(std::span(x), std::span(buffer))[0] == 3);
  m.prediction = {.kind = prediction_kind::softmax};
  CHECK(m.predict(std::span(x), std::span(buffer))[3] == 1);
  CHECK(buffer[0] == 0);
}

TEST_CASE("imported gbdt: a model of one value is a scorer") {
  static_assert(batch_scorer<imported_gbdt> && scorer<imported_gbdt, std::span<const float>>);
  const imported_gbdt m{.model = gbdt_model::build({.number_columns = 1, .base = {0}}).value(),
                        .prediction = {.kind = prediction_kind::logistic}};
  const float x[] = {3};
  CHECK(m(x) == 0.5);

  std::vector<gbdt_tree> trees;
  for (int t = 0; t < 9; ++t) trees.push_back({.splits = {{.threshold = 0.1 * t}}, .leaves = {0.3 * t, -0.7}});
  const imported_gbdt several{.model = gbdt_model::build({.number_columns = 1, .trees = trees}).value(),
                              .prediction = {.kind = prediction_kind::logistic, .averaged = true}};
  std::vector<float> column;
  for (int i = 0; i < 50; ++i) column.push_back(0.02f * static_cast<float>(i));
  std::vector<double> batch(50);
  several(mixed_columns{.rows = 50, .number_columns = 1, .stride = 50, .numbers = column.data()}, batch);
  for (std::size_t i = 0; i < 50; ++i) CHECK(batch[i] == several(std::span(column).subspan(i, 1)));
}

TEST_CASE("imported gbdt: the laws of scorers", "[threads]") {
  const auto holds = [](const result<void>& law) {
    INFO((law ? std::string() : law.error().message));
    CHECK(static_cast<bool>(law));
  };
  const random_gbdt::shape s{};
  imported_gbdt m = as_imported(gbdt_model::build(random_gbdt::model(s, 5)).value());
  REQUIRE(m.validate());
  CHECK(m.float_rows);
  const random_gbdt::rows r(200, s, 6);
  std::vector<double> as_trained(r.n), as_imported(r.n);
  m.model(r.columns(), as_trained);
  m(r.columns(), as_imported);
  CHECK(as_imported == as_trained);
  m.prediction = {.kind = prediction_kind::logistic, .averaged = true};
  holds(laws::batch_equals_rows(m, r.columns()));
  holds(laws::survives_file(m));
  holds(laws::is_safe_to_share([&](std::size_t i) { return m(r.row(i)); }, r.n));
}

TEST_CASE("imported gbdt: a model of classes of this library gives its own probabilities, and has iterations") {
  const random_gbdt::shape s{.outputs = 3};  // 20 trees: no whole number of iterations
  auto parts = random_gbdt::model(s, 5);
  parts.output = link_function::softmax;
  CHECK(as_imported(gbdt_model::build(parts).value()).iterations() == 20);
  parts.trees.resize(18);
  const imported_gbdt m = as_imported(gbdt_model::build(parts).value());
  CHECK(m.iterations() == 6);
  const random_gbdt::rows r(200, s, 6);
  std::vector<double> own(3), here(3);
  for (std::size_t i = 0; i < r.n; ++i) {
    m.model(r.row(i), own);
    m.predict(r.row(i), here);
    CHECK(here == own);
  }
  std::swap(parts.trees[1], parts.trees[2]);
  CHECK(as_imported(gbdt_model::build(parts).value()).iterations() == 18);
}

TEST_CASE("imported gbdt: what does not fit is refused") {
  const auto refused = [](auto&& change) {
    imported_gbdt m = two_outputs();
    change(m);
    return !m.validate();
  };
  CHECK(refused([](imported_gbdt& m) { m.trees_per_iteration = 0; }));
  CHECK(refused([](imported_gbdt& m) { m.trees_per_iteration = 3; }));
  CHECK(refused([](imported_gbdt& m) { m.columns = {"a", "b"}; }));
  CHECK(refused([](imported_gbdt& m) { m.texts = {1}; }));
  CHECK(refused([](imported_gbdt& m) { m.leaf_names = {1}; }));
  CHECK(refused([](imported_gbdt& m) { m.margin_of = {1}, m.all_margins = 2; }));
  CHECK(refused([](imported_gbdt& m) { m.margin_of = {1, 2}, m.all_margins = 2; }));
  CHECK(refused([](imported_gbdt& m) { m.margin_of = {1, 1}, m.all_margins = 2; }));
  CHECK(refused([](imported_gbdt& m) { m.prediction.kind = prediction_kind::both_classes; }));
}

TEST_CASE("imported gbdt: a loaded model scores the same bits, a damaged one is refused or scores") {
  imported_gbdt m = two_outputs();
  m.columns = {"x"};
  m.texts = {0};
  m.classes = {"no", "yes"};
  m.margin_of = {0, 2};
  m.all_margins = 3;
  m.leaf_names = {1, 2, 3, 4, 5, 6};
  m.prediction = {.kind = prediction_kind::softmax};
  const auto bytes = to_bytes(m);
  const auto loaded = from_bytes<imported_gbdt>(bytes).value();
  CHECK(to_bytes(loaded) == bytes);
  const double x[] = {1};
  CHECK(raw(loaded, std::span(x)) == raw(m, std::span(x)));

  int scored = 0;
  const int refused = mlsd_test::mutate(m, 2000, [&](const imported_gbdt& d) {
    const std::vector<double> numbers((std::min)(d.model.number_columns(), std::size_t{1000}), 0.5);
    const std::vector<std::uint32_t> codes((std::min)(d.model.code_columns(), std::size_t{1000}), 2);
    if (numbers.size() + codes.size() != d.width()) return;
    std::vector<double> out(d.room());
    std::vector<std::uint32_t> leaf(d.trees());
    const wide_row row{numbers, codes};
    d.leaves(row, leaf);
    scored += d.predict(row, std::span(out)).size() == d.predictions();
  });
  CHECK(refused > 0);
  CHECK(scored > 0);
}

TEST_CASE("imported gbdt: margins of the caller in place of the base") {
  imported_gbdt m = two_outputs();
  m.model = gbdt_model::build({.number_columns = 1,
                               .base = {7, 8},
                               .trees = {{.splits = {{.threshold = 0}}, .leaves = {1, 10}},
                                         {.leaves = {0.25}, .output = 1},
                                         {.leaves = {100}},
                                         {.leaves = {0x1p-30}, .output = 1}},
                               .float_sums = true})
                .value();
  const float high[] = {1};
  double margins[] = {0.5, 0.1};
  m.add_to(margins, high);
  CHECK(margins[0] == 110.5);
  CHECK(margins[1] == static_cast<double>(0.1f + 0.25f));  // all in floats: the last tree is too small to matter
  double part[] = {0.5, 0};
  m.add_to(part, high, {.first = 1});
  CHECK(part[0] == 100.5);
}

TEST_CASE("imported gbdt: codes of texts, and classes") {
  imported_gbdt m;
  CHECK(m.code("a") == 0);
  m.category_hashes = {catboost_hash("b"), catboost_hash("a")};
  std::sort(m.category_hashes.begin(), m.category_hashes.end());
  CHECK((m.code("a") + m.code("b") == 1 && m.code("c") == 2 && m.code("") == 2));
  std::swap(m.category_hashes[0], m.category_hashes[1]);
  CHECK(!m.validate());

  const double low[] = {0.5}, high[] = {1.5}, several[] = {1, 3, 3};
  CHECK((m.class_of(low) == 1 && m.class_of(several) == 1));
  m.class_margin = 1;
  CHECK((m.class_of(low) == 0 && m.class_of(high) == 1));
}

}  // namespace test_imported_gbdt
