#include "mlsd/scoring/gbdt/model.hpp"

#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <limits>
#include <string>
#include <vector>

namespace test_gbdt_model {

using namespace mlsd;
using random_gbdt::rows;
using random_gbdt::shape;

TEST_CASE("gbdt model: the margin is base plus leaves, the prediction its link") {
  gbdt_tree stump;
  stump.splits = {{.feature = 0, .threshold = 0, .gain = 5}};
  stump.leaves = {-1, 1};
  const auto m = gbdt_model::build(
                     {.number_columns = 2, .base = {0.5}, .output = link_function::logistic, .trees = {stump, stump}})
                     .value();
  const std::vector<float> low{0, 9}, high{0.1f, 9};
  CHECK(m.raw(low) == -1.5);
  CHECK(m.raw(high) == 2.5);
  CHECK(m(high) == apply(link_function::logistic, 2.5));
  CHECK(m(mixed_row{high, {}}) == m(high));
  CHECK(m.trees() == 2);
  CHECK(m.width() == 2);
  CHECK(m.gain_importance() == std::vector<double>{10, 0});
  static_assert(noexcept(m(low))&& noexcept(m(mixed_row{}))&& noexcept(m(mixed_columns{}, std::span<double>{})));
}

TEST_CASE("gbdt model: row, batch, slice, threads and both engines give the same bits") {
  for (const shape& s : {shape{}, shape{.codes = 0, .trees = 40}, shape{.outputs = 3, .wide_leaves = true}}) {
    const gbdt_description d = random_gbdt::model(s, 5);
    const auto m = gbdt_model::build(d).value();
    const auto walk = basic_gbdt_model<walking_engine>::build(d).value();
    const rows r(5000, s, 6);
    const std::size_t k = s.outputs;
    std::vector<double> all(r.n * k), threaded(r.n * k), walked(r.n * k), part(100 * k), one(k);
    m(r.columns(), all);
    threads pool(2);
    m(r.columns(), threaded, pool);
    walk(r.columns(), walked);
    CHECK(all == threaded);
    CHECK(all == walked);
    m(r.columns().slice(37, 100), part);
    std::size_t different = 0;
    for (std::size_t i = 0; i < part.size(); ++i) different += part[i] != all[37 * k + i];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % k == 0) m.raw(r.row(i / k), one);
      different += apply(m.output(), one[i % k]) != all[i];
    }
    CHECK(different == 0);
  }
}

TEST_CASE("gbdt model: several outputs, scale and bias, sums of floats") {
  const gbdt_tree a{.leaves = {1}}, b{.leaves = {10}, .output = 1};
  const auto two = gbdt_model::build({.base = {0.5, 0.25}, .trees = {a, b, a}, .scale = 2, .bias = {0, 3}}).value();
  double out[2];
  two.raw(mixed_row{}, out);
  CHECK(out[0] == 5);
  CHECK(out[1] == 23.5);
  two.raw(std::span<const double>{}, {}, out);
  CHECK(out[1] == 23.5);
  CHECK(two.outputs() == 2);
  CHECK(two.base(1) == 3.5);
  const auto wide =
      gbdt_model::build({.base = {0, 0}, .trees = {{.leaves = {1, 2}}, {.leaves = {4, 8}}}, .leaf_width = 2}).value();
  wide.raw(mixed_row{}, out);
  CHECK(out[0] == 5);
  CHECK(out[1] == 10);
  const gbdt_tree tenth{.leaves = {static_cast<double>(0.1f)}};
  const auto floats = gbdt_model::build({.trees = {tenth, tenth, tenth}, .float_sums = true}).value();
  CHECK(floats.raw(mixed_row{}) == static_cast<double>(0.1f + 0.1f + 0.1f));
  CHECK_FALSE(gbdt_model::build({.base = {}}));
  CHECK_FALSE(gbdt_model::build({.base = {0, 0}, .bias = {1}}));
  CHECK_FALSE(gbdt_model::build({.base = {0, 0}, .trees = {{.leaves = {1, 2, 3}}}, .leaf_width = 3}));
}

TEST_CASE("gbdt model: a softmax is of all outputs; row, batch, slice, threads and a file give the same bits") {
  const shape s{.outputs = 3};
  gbdt_description d = random_gbdt::model(s, 15);
  d.output = link_function::softmax;
  const auto m = gbdt_model::build(d).value();
  static_assert(multi_scorer<gbdt_model>&& noexcept(m(mixed_row{}, std::span<double>{})));
  const auto loaded = from_bytes<gbdt_model>(to_bytes(m)).value();
  const rows r(5000, s, 6);
  std::vector<double> all(r.n * 3), threaded(r.n * 3), part(100 * 3), one(3), again(3), margins(3);
  m(r.columns(), all);
  threads pool(2);
  m(r.columns(), threaded, pool);
  CHECK(all == threaded);
  m(r.columns().slice(37, 100), part);
  CHECK(part == std::vector<double>(all.begin() + 37 * 3, all.begin() + 137 * 3));
  std::size_t different = 0;
  for (std::size_t i = 0; i < r.n; ++i) {
    m(r.row(i), one);
    loaded(r.row(i), again);
    m.raw(r.row(i), margins);
    apply_in_place(link_function::softmax, margins);
    for (std::size_t k = 0; k < 3; ++k)
      different += one[k] != all[i * 3 + k] || again[k] != one[k] || margins[k] != one[k];
    if (i < 20) CHECK(one[0] + one[1] + one[2] == Approx(1).epsilon(1e-15));
  }
  CHECK(different == 0);
  d = random_gbdt::model({}, 1);
  d.output = link_function::softmax;
  REQUIRE_FALSE(gbdt_model::build(d));
  CHECK(gbdt_model::build(d).error().message.find("fewer than two outputs") != std::string::npos);
}

TEST_CASE("gbdt model: no trees, no rows") {
  const gbdt_model m;
  CHECK(m.raw(mixed_row{}) == 0.0);
  std::vector<double> none;
  m(mixed_columns{}, none);
  CHECK(m.validate());
  CHECK(m.gain_importance().empty());
}

TEST_CASE("gbdt model: build refuses what cannot be scored") {
  const auto message = [](const gbdt_description& d) {
    const auto r = gbdt_model::build(d);
    return r ? std::string{} : r.error().message;
  };
  gbdt_description d = random_gbdt::model({.trees = 3}, 1);
  CHECK(message(d).empty());
  d.base[0] = (std::numeric_limits<double>::infinity)();
  CHECK(message(d).find("base") != std::string::npos);
  d = random_gbdt::model({.trees = 3}, 1);
  d.trees[1].leaves.push_back(0);  // hidden in the total by a tree that has one too few
  d.trees[2].leaves.pop_back();
  CHECK(message(d).find("tree 1: ") != std::string::npos);
  d = random_gbdt::model({.trees = 3}, 1);
  d.trees[2].splits[0].first_category = 0xFFFFFFF0u;
  CHECK(message(d).find("categories") != std::string::npos);
  d = random_gbdt::model({.trees = 3}, 1);
  d.output = static_cast<link_function>(9);
  CHECK(message(d).find("link") != std::string::npos);
}

TEST_CASE("gbdt model: a loaded model scores the same bits, with any engine") {
  const shape s{};
  const auto m = gbdt_model::build(random_gbdt::model(s, 5)).value();
  const auto bytes = to_bytes(m);
  const auto loaded = from_bytes<gbdt_model>(bytes).value();
  const auto walked = from_bytes<basic_gbdt_model<walking_engine>>(bytes).value();
  CHECK(to_bytes(loaded) == bytes);
  const rows r(50, s, 6);
  for (std::size_t i = 0; i < r.n; ++i) {
    CHECK(loaded(r.row(i)) == m(r.row(i)));
    CHECK(walked(r.row(i)) == m(r.row(i)));
  }
}

TEST_CASE("gbdt model: a damaged file is refused or scores, and never more than that") {
  const shape s{.trees = 4, .splits = 12, .cardinality = 10};
  const auto bytes = random_gbdt::saved_bytes(gbdt_model::build(random_gbdt::model(s, 5)).value());
  const rows r(4, s, 6);
  random_gbdt::generator g{99};
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    auto damaged = bytes;
    for (std::uint32_t k = g(3) + 1; k-- > 0;)
      damaged[g(static_cast<std::uint32_t>(damaged.size()))] = static_cast<unsigned char>(g(4) == 0 ? 0xFF : g(256));
    if (g(10) == 0) damaged.resize(g(static_cast<std::uint32_t>(damaged.size())));
    gbdt_model m;
    random_gbdt::loader in{damaged};
    in("model", m);
    if (!m.validate()) {
      ++refused;
      continue;
    }
    const std::vector<float> x(m.number_columns() > 1000 ? 0 : m.number_columns(), 0.5f);
    const std::vector<std::uint32_t> c(m.code_columns() > 1000 ? 0 : m.code_columns(), 2);
    if (x.size() == m.number_columns() && c.size() == m.code_columns()) (void)m(mixed_row{x, c});
  }
  CHECK(refused > 1000);
}

}  // namespace test_gbdt_model
