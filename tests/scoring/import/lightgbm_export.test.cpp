#include "mlsd/scoring/import/lightgbm_export.hpp"

#include "catch.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"
#include "scoring/gbdt/random_gbdt.hpp"
#include "scoring/import/lightgbm_models.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace test_lightgbm_export {

using namespace mlsd;
using lightgbm_models::same_bits;
using random_gbdt::rows;
using random_gbdt::shape;

/// Rows whose margins differ between a model and what is read back from its text. Codes become numbers.
std::size_t differences(const gbdt_model& m, const rows& r) {
  const std::string text = to_lightgbm(m).value();
  const auto back = import_lightgbm(text);
  REQUIRE((back ? std::string() : to_string(back.error())).empty());
  std::size_t different = 0;
  std::vector<double> expected(m.outputs()), found(m.outputs());
  for (std::size_t i = 0; i < r.n; ++i) {
    const mixed_row x = r.row(i);
    std::vector<double> flat(x.numbers.begin(), x.numbers.end());
    for (double& v : flat)
      if (v < 1e-34 && v > -1e-34) v = 0;
    const std::vector<double> numbers = flat;
    flat.insert(flat.end(), x.codes.begin(), x.codes.end());
    m.raw(numbers, x.codes, expected);
    back->raw(std::span<const double>(flat), found);
    for (std::size_t k = 0; k < expected.size(); ++k) different += !same_bits(expected[k], found[k]);
  }
  return different;
}

TEST_CASE("lightgbm export: what is read back has the same margins") {
  for (const shape& s : {shape{}, shape{.codes = 0, .zero_is_missing = true}, shape{.trees = 9, .outputs = 4},
                         shape{.lines = true}, shape{.trees = 4, .outputs = 3, .wide_leaves = true}}) {
    const gbdt_description d = random_gbdt::model(s, 21);
    CHECK(differences(gbdt_model::build(d).value(), rows(300, s, 22)) == 0);
  }
}

TEST_CASE("lightgbm export: a double is at most the threshold where its float is at most the model's") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr float most = (std::numeric_limits<float>::max)();
  std::vector<double> values{0.0,    -0.0,  1.0,           -1.0,          1.92, 1e-44,
                             -1e-44, 1e-60, 0x1.fffffe8p0, 0x1.fffffe4p0, 1e30, -1e30};
  for (const double v : {double{most}, 0x1.ffffffp127, 0x1p128, 1e300, infinity}) values.insert(values.end(), {v, -v});
  random_gbdt::generator g{3};
  for (int i = 0; i < 2000; ++i) {
    const auto bits = std::uint64_t{g(1u << 31)} << 33 ^ std::uint64_t{g(1u << 31)} << 16 ^ g(1u << 16);
    const auto anything = std::bit_cast<double>(bits);
    if (anything == anything) values.push_back(anything);
    values.push_back(static_cast<double>(std::bit_cast<float>(g(0x7f800000u))) * (i % 2 == 0 ? 1 : -1));
    values.push_back(10 * g.uniform() - 5);
  }
  std::size_t wrong = 0;
  for (const double t : values) {
    const double exported = detail::threshold_for_doubles(t);
    const auto check = [&](double x) { wrong += (static_cast<double>(static_cast<float>(x)) <= t) != (x <= exported); };
    for (const double near : {t, exported, static_cast<double>(static_cast<float>(t))})
      for (const double x : {near, std::nextafter(near, infinity), std::nextafter(near, -infinity)}) check(x);
    for (int i = 0; i < 20; ++i) check(values[g(static_cast<std::uint32_t>(values.size()))]);
  }
  CHECK(wrong == 0);
}

TEST_CASE("lightgbm export: rows of doubles go where their floats go") {
  for (const shape& s : {shape{}, shape{.codes = 0}, shape{.trees = 9, .outputs = 4}}) {
    gbdt_description d = random_gbdt::model(s, 31);
    random_gbdt::generator g{32};
    const auto between = [&] {  // two decimals, near a float or just between two
      const float x = static_cast<float>(static_cast<double>(g(600)) / 100 - 3);
      const double next = std::nextafter(x, g(2) == 0 ? 9.0f : -9.0f);
      const double choices[] = {x, (x + next) / 2, std::nextafter((x + next) / 2, 9.0), static_cast<double>(x) + 1e-12};
      return choices[g(4)];
    };
    for (gbdt_tree& tree : d.trees)
      for (gbdt_split& split : tree.splits)
        if (split.feature < s.numbers) split.threshold = between();
    const auto m = as_imported(gbdt_model::build(d).value());
    const auto back = import_lightgbm(to_lightgbm(m).value()).value();
    std::size_t different = 0;
    std::vector<double> expected(m.outputs()), found(m.outputs());
    for (int i = 0; i < 3000; ++i) {
      std::vector<double> numbers(s.numbers);
      std::vector<std::uint32_t> codes(s.codes);
      for (double& x : numbers) x = i % 2 == 0 ? between() : static_cast<double>(static_cast<float>(between()));
      for (std::uint32_t& c : codes) c = g(s.cardinality + 5);
      std::vector<double> flat = numbers;
      flat.insert(flat.end(), codes.begin(), codes.end());
      m.raw(wide_row{numbers, codes}, expected);
      back.raw(std::span<const double>(flat), found);
      for (std::size_t k = 0; k < expected.size(); ++k) different += !same_bits(expected[k], found[k]);
    }
    CHECK(different == 0);
  }
}

TEST_CASE("lightgbm export: base scores and biases are constant trees") {
  gbdt_description d = random_gbdt::model({.trees = 7, .outputs = 2}, 5);
  d.base = {0.1, 0};
  d.bias = {0, 0.7};
  const auto m = gbdt_model::build(d).value();
  CHECK(differences(m, rows(100, {}, 6)) == 0);
  const auto back = import_lightgbm(to_lightgbm(m).value()).value();
  CHECK(back.trees() == 2 + 8 + 2);  // 4 and 3 trees, made even
}

TEST_CASE("lightgbm export: links and imported predictions come back") {
  for (const link_function link : {link_function::identity, link_function::logistic, link_function::exponential}) {
    gbdt_description d{.number_columns = 1, .output = link, .trees = {{.leaves = {0.5}}}};
    const auto m = gbdt_model::build(d).value();
    const std::string names[] = {"price"};
    const auto back = import_lightgbm(to_lightgbm(m, names).value()).value();
    const float x[] = {0};
    CHECK(back(x) == Approx(m(x)).epsilon(1e-15));
    CHECK(back.columns == std::vector<std::string>{"price"});
  }
  for (const std::string& name : lightgbm_models::sample_names()) {
    INFO(name);
    const auto m = import_lightgbm(lightgbm_models::sample(name)).value();
    const auto back = import_lightgbm(to_lightgbm(m).value()).value();
    CHECK(back.prediction == m.prediction);
    CHECK(back.columns == m.columns);
    CHECK(to_lightgbm(back).value() == to_lightgbm(m).value());
  }
}

TEST_CASE("lightgbm export: every golden case comes back with the same bits") {
  const auto cases = lightgbm_models::golden_cases();
  if (cases.empty()) WARN("skipped: no reference data");
  for (const auto& folder : cases) {
    INFO(folder);
    const auto m = load_lightgbm(folder + "/model.txt").value();
    const auto back = import_lightgbm(to_lightgbm(m).value()).value();
    const auto x = golden_case::numbers(folder + "/input.csv");
    std::size_t different = 0;
    std::vector<double> expected(m.room()), found(m.room());
    for (std::size_t i = 0; i < x.size(); i += 3) {
      m.predict(std::span<const double>(x[i]), std::span(expected));
      back.predict(std::span<const double>(x[i]), std::span(found));
      for (std::size_t k = 0; k < expected.size(); ++k) different += !same_bits(expected[k], found[k]);
    }
    CHECK(different == 0);
    CHECK(back.model.forest().has_covers() == m.model.forest().has_covers());
  }
}

TEST_CASE("lightgbm export: what the format cannot say is refused") {
  const auto fault = [](const gbdt_description& d, auto&& change) {
    imported_gbdt m = as_imported(gbdt_model::build(d).value());
    m.float_rows = false;
    change(m);
    const auto text = to_lightgbm(m);
    return text ? std::string("none") : text.error().message;
  };
  const auto as_it_is = [](imported_gbdt&) {};
  const gbdt_tree stump{.splits = {{}}, .leaves = {1, 2}};
  const gbdt_description plain{.number_columns = 1, .trees = {stump}};
  CHECK(fault(plain, as_it_is) == "none");
  gbdt_description d = plain;
  d.float_sums = true;
  CHECK(fault(d, as_it_is).find("sums of floats") != std::string::npos);
  d = plain;
  d.scale = 2;
  CHECK(fault(d, as_it_is).find("scale") != std::string::npos);
  d = plain;
  d.trees[0].splits[0] = {.nan_left = true, .test = gbdt_test::truncated};
  CHECK(fault(d, as_it_is).find("missing category that goes left, as in tree 0, split 0") != std::string::npos);
  d.trees[0].splits[0] = {.test = gbdt_test::truncated};
  CHECK(fault(d, [](imported_gbdt& m) { m.float_rows = true; }).find("rounded to float") != std::string::npos);
  d.trees[0].splits[0] = {.test = gbdt_test::floored, .category_count = 1};
  d.trees[0].categories = {0};
  CHECK(fault(d, as_it_is).find("category 0") != std::string::npos);
  d.trees[0].categories = {1u << 30};
  CHECK(fault(d, as_it_is).find("category 1073741824") != std::string::npos);
  CHECK(fault(plain, [](imported_gbdt& m) { m.category_hashes = {7}; }).find("hashes") != std::string::npos);
  CHECK(fault(plain, [](imported_gbdt& m) { m.columns = {"a b"}; }).find("\"a b\"") != std::string::npos);
  CHECK(fault(plain, [](imported_gbdt& m) { m.prediction.kind = prediction_kind::hinge; }).find("kind") !=
        std::string::npos);
  CHECK(fault(plain, [](imported_gbdt& m) {
          m.prediction.slope = -1, m.prediction.kind = prediction_kind::logistic;
        }).find("falls") != std::string::npos);
  d = plain;
  d.base = {1};
  CHECK(fault(d, [](imported_gbdt& m) { m.prediction.averaged = true; }).find("average") != std::string::npos);
}

}  // namespace test_lightgbm_export
