#include "mlsd/scoring/gbdt/contributions.hpp"

#include "catch.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"
#include "scoring/gbdt/random_gbdt.hpp"
#include "scoring/import/lightgbm_models.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test_gbdt_contributions {

using namespace mlsd;
using random_gbdt::rows;
using random_gbdt::shape;
using model = basic_gbdt_model<walking_engine>;

/// Rows of leaves add up to those of splits.
gbdt_description with_covers(gbdt_description d) {
  for (gbdt_tree& tree : d.trees)
    for (std::size_t s = tree.splits.size(); s-- > 0;) {
      const auto cover = [&](std::int32_t child) {
        return child < 0 ? tree.leaf_covers[static_cast<std::size_t>(~child)]
                         : tree.splits[static_cast<std::size_t>(child)].cover;
      };
      tree.splits[s].cover = cover(tree.splits[s].left) + cover(tree.splits[s].right);
    }
  return d;
}

/// The expected value of a tree's output k where only the columns in `known` are.
double game(const gbdt_forest& f, std::size_t t, std::int32_t node, const mixed_row& x, unsigned known, std::size_t k) {
  if (node < 0) return f.leaf(t, static_cast<std::size_t>(~node), k);
  const std::size_t s = f.first_split(t) + static_cast<std::size_t>(node);
  const auto cover = [&](std::int32_t child) {
    return child < 0 ? f.leaf_cover(t, static_cast<std::size_t>(~child))
                     : f.cover(f.first_split(t) + static_cast<std::size_t>(child));
  };
  if ((known >> f.feature(s) & 1u) != 0) {
    const bool left = f.goes_left(
        s, [&](std::size_t j) { return x.numbers[j]; }, [&](std::size_t j) { return x.codes[j]; });
    return game(f, t, left ? f.left(s) : f.right(s), x, known, k);
  }
  return (cover(f.left(s)) * game(f, t, f.left(s), x, known, k) +
          cover(f.right(s)) * game(f, t, f.right(s), x, known, k)) /
         (cover(f.left(s)) + cover(f.right(s)));
}

/// Shapley's own formula, over all sets of columns.
std::vector<double> by_definition(const model& m, const mixed_row& x) {
  const gbdt_forest& f = m.forest();
  const std::size_t width = m.width();
  std::vector<double> out(m.outputs() * (width + 1));
  std::vector<double> factorial{1};
  for (std::size_t i = 1; i <= width; ++i) factorial.push_back(factorial.back() * static_cast<double>(i));
  for (std::size_t k = 0; k < m.outputs(); ++k) {
    double* const of_output = &out[k * (width + 1)];
    of_output[width] = m.base(k);
    std::vector<double> value(std::size_t{1} << width);
    for (unsigned set = 0; set < value.size(); ++set)
      for (std::size_t t = 0; t < f.trees(); ++t)
        if (k >= f.output(t) && k < f.output(t) + f.leaf_width())
          value[set] += m.scale() * game(f, t, f.splits_of(t) == 0 ? -1 : 0, x, set, k - f.output(t));
    of_output[width] += value[0];
    for (std::size_t j = 0; j < width; ++j)
      for (unsigned set = 0; set < value.size(); ++set)
        if ((set >> j & 1u) == 0) {
          const auto size = static_cast<std::size_t>(std::popcount(set));
          of_output[j] +=
              factorial[size] * factorial[width - size - 1] / factorial[width] * (value[set | 1u << j] - value[set]);
        }
  }
  return out;
}

TEST_CASE("gbdt contributions: Shapley values by their definition, for every kind of split and leaf") {
  for (const shape& s :
       {shape{.trees = 8, .splits = 12}, shape{.trees = 8, .splits = 30, .skewed = true},
        shape{.trees = 6, .splits = 8, .outputs = 2, .zero_is_missing = true},
        shape{.trees = 6, .splits = 8, .outputs = 3, .wide_leaves = true, .categories_in_numbers = true}}) {
    gbdt_description d = with_covers(random_gbdt::model(s, 11));
    d.scale = 0.5;
    d.bias.assign(s.outputs, 2.0);
    const auto m = model::build(d).value();
    const auto c = gbdt_contributions::build(m).value();
    auto scratch = c.make_scratch();
    const rows r(6, s, 3);
    std::vector<double> out(c.outputs() * (c.width() + 1));
    double worst = 0;
    for (std::size_t i = 0; i < r.n; ++i) {
      c(r.row(i), out, scratch);
      const auto expected = by_definition(m, r.row(i));
      for (std::size_t j = 0; j < out.size(); ++j) worst = (std::max)(worst, std::abs(out[j] - expected[j]));
    }
    CHECK(worst < 1e-13);
  }
}

/// The greatest gap between the sum of a row's contributions and its margin, relative to the greatest of them.
template <class Model> double gap(const Model& m, const rows& r) {
  const auto c = gbdt_contributions::build(m).value();
  auto scratch = c.make_scratch();
  const std::size_t columns = c.width() + 1;
  std::vector<double> out(c.outputs() * columns), margins(m.outputs());
  double worst = 0;
  for (std::size_t i = 0; i < r.n; ++i) {
    c(r.row(i), out, scratch);
    m.raw(r.row(i), margins);
    for (std::size_t k = 0; k < margins.size(); ++k) {
      double sum = 0, greatest = 0;
      for (std::size_t j = k * columns; j < (k + 1) * columns; ++j)
        sum += out[j], greatest = (std::max)(greatest, std::abs(out[j]));
      worst = (std::max)(worst, std::abs(sum - margins[k]) / greatest);
    }
  }
  return worst;
}

TEST_CASE("gbdt contributions: they add up to the margin, in deep trees too") {
  for (const shape& s : {shape{.numbers = 30, .trees = 20, .splits = 200},
                         shape{.numbers = 300, .codes = 0, .trees = 3, .splits = 400, .skewed = true},
                         shape{.numbers = 3, .codes = 1, .trees = 20, .splits = 200, .skewed = true, .outputs = 2}})
    CHECK(gap(model::build(with_covers(random_gbdt::model(s, 4))).value(), rows(20, s, 8)) < 1e-12);
}

TEST_CASE("gbdt contributions: LightGBM's, for a golden model and in the sum for all") {
  const auto cases = lightgbm_models::golden_cases();
  if (cases.empty()) WARN("skipped: no reference data");
  for (const auto& folder : cases) {
    const auto m = load_lightgbm(folder + "/model.txt").value();
    const auto c = gbdt_contributions::build(m.model);
    CHECK(static_cast<bool>(c) == !m.model.forest().has_lines());
    if (!c) continue;
    auto scratch = c->make_scratch();
    const auto x = golden_case::numbers(folder + "/input.csv"),
               known = golden_case::numbers(folder + "/pred_contrib.csv");
    std::vector<double> out(c->outputs() * (c->width() + 1)), margins(m.outputs());
    double furthest = 0, gap = 0;
    for (std::size_t i = 0; i < x.size(); i += known.empty() ? 17u : 1u) {
      (*c)([&](std::size_t j) { return x[i][j]; }, [](std::size_t) { return std::uint32_t{0}; }, out, scratch);
      for (std::size_t j = 0; i < known.size() && j < out.size(); ++j)
        furthest = (std::max)(furthest, std::abs(out[j] - known[i].at(j)));
      m.raw(std::span<const double>(x[i]), margins);
      for (std::size_t k = 0; k < margins.size(); ++k) {
        double sum = 0, greatest = 0;
        for (std::size_t j = k * (c->width() + 1); j < (k + 1) * (c->width() + 1); ++j)
          sum += out[j], greatest = (std::max)(greatest, std::abs(out[j]));
        gap = (std::max)(gap, std::abs(sum - margins[k]) / greatest);
      }
    }
    INFO(folder);
    CHECK(furthest < 1e-13);
    CHECK(gap < 1e-12);
  }
}

TEST_CASE("gbdt contributions: a column that no tree tests adds nothing; no rows, no trees, one leaf") {
  const auto none = model::build({.number_columns = 2, .base = {1.5}}).value();
  const auto c = gbdt_contributions::build(none).value();
  auto scratch = c.make_scratch();
  const float x[] = {1, 2};
  std::vector<double> out(3, 9.0);
  c(mixed_row{x, {}}, out, scratch);
  CHECK(out == std::vector<double>{0, 0, 1.5});
  const auto leaf = model::build({.number_columns = 2, .trees = {{.leaves = {2}, .leaf_covers = {7}}}}).value();
  const auto of_leaf = gbdt_contributions::build(leaf).value();
  scratch = of_leaf.make_scratch();
  of_leaf(mixed_row{x, {}}, out, scratch);
  CHECK(out == std::vector<double>{0, 0, 2});

  // No row went right in training: knowing the column is everything.
  const gbdt_tree stump{.splits = {{.threshold = 0, .cover = 5}}, .leaves = {1, 10}, .leaf_covers = {5, 0}};
  const auto one_sided = model::build({.number_columns = 2, .trees = {stump}}).value();
  const auto of_stump = gbdt_contributions::build(one_sided).value();
  scratch = of_stump.make_scratch();
  of_stump(mixed_row{x, {}}, out, scratch);
  CHECK(out[0] == Approx(9).epsilon(1e-14));
  CHECK(out[1] == 0);
  CHECK(of_stump.expected() == 1);
}

TEST_CASE("gbdt contributions: where no row came below a split, both sides are as likely; a lost cover is refused") {
  gbdt_tree tree{
      .splits = {{.feature = 0, .left = ~0, .right = 1, .cover = 5}, {.feature = 1, .left = ~1, .right = ~2}},
      .leaves = {1, 10, 30},
      .leaf_covers = {5, 0, 0}};
  const auto m = model::build({.number_columns = 2, .trees = {tree}}).value();
  const auto c = gbdt_contributions::build(m).value();
  auto scratch = c.make_scratch();
  const float x[] = {1, 1};
  std::vector<double> out(3);
  c(mixed_row{x, {}}, out, scratch);
  // Alone, the first column says 20 instead of 1; the second, nothing, and 10 more behind the first.
  CHECK(out[0] == Approx(24).epsilon(1e-14));
  CHECK(out[1] == Approx(5).epsilon(1e-14));
  CHECK(out[2] == 1);
  tree.leaf_covers = {5, 1, 1};
  const auto lost = model::build({.number_columns = 2, .trees = {tree}}).value();
  CHECK(gbdt_contributions::build(lost).error().message.find("one is unknown") != std::string::npos);
}

TEST_CASE("gbdt contributions: models that have none are refused") {
  const auto fault = [](gbdt_description d) {
    const auto c = gbdt_contributions::build(model::build(d).value());
    return c ? std::string("none") : c.error().message;
  };
  gbdt_description d = with_covers(random_gbdt::model({.trees = 3, .lines = true}, 2));
  CHECK(fault(d).find("lines") != std::string::npos);
  for (gbdt_tree& tree : d.trees) tree.lines.clear(), tree.leaf_covers.clear();
  CHECK(fault(d).find("covers") != std::string::npos);
  gbdt_tree chain{.leaves = {0}, .leaf_covers = {1}};
  for (std::int32_t s = 0; s < 1100; ++s) {
    chain.splits.push_back({.left = ~s, .right = s == 1099 ? ~1100 : s + 1, .cover = 2});
    chain.leaves.push_back(0);
    chain.leaf_covers.push_back(1);
  }
  CHECK(fault({.number_columns = 1, .trees = {chain}}).find("deeper than 1024") != std::string::npos);
}

}  // namespace test_gbdt_contributions
