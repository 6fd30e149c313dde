#include "mlsd/training/gbdt/symmetric_growth.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/scoring/gbdt/contributions.hpp"
#include "mlsd/scoring/gbdt/symmetric_tree.hpp"
#include "mlsd/training/gbdt.hpp"
#include "training/gbdt/rows.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace test_symmetric_growth {

using namespace mlsd;
using namespace gbdt_rows;

constexpr gbdt_trainer six{.trees = 15, .learning_rate = 0.2f, .growth = tree_growth::symmetric};

/// Sums of one node, and what it says.
struct naive_node {
  std::vector<std::size_t> rows;
  double g = 0, h = 0, says = 0;
};

/// One tree grown by trying every level with every cut of the rows themselves, on squared loss and a full step: the
/// margins of the rows.
struct naive_tree {
  const labelled_matrix& data;
  double l2;
  std::vector<naive_node> level;
  std::vector<std::pair<std::uint32_t, double>> cuts;  // column and threshold of each level

  [[nodiscard]] naive_node node(std::vector<std::size_t> rows, double base, double above) const {
    naive_node n;
    for (const std::size_t i : rows) n.g += base - static_cast<double>(data.label[i]), n.h += 1;
    n.says = rows.empty() ? above : -n.g / (n.h + l2);
    n.rows = std::move(rows);
    return n;
  }
  [[nodiscard]] std::pair<std::vector<std::size_t>, std::vector<std::size_t>> part(const naive_node& n, std::uint32_t j,
                                                                                   double threshold) const {
    std::pair<std::vector<std::size_t>, std::vector<std::size_t>> sides;
    for (const std::size_t i : n.rows)
      (static_cast<double>(data.x.number(j)[i]) <= threshold ? sides.first : sides.second).push_back(i);
    return sides;
  }
  void grow(std::size_t depth, double base) {
    std::vector<std::size_t> all(data.rows());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    level = {node(all, base, 0)};
    const auto score = [&](const naive_node& n) { return n.h + l2 > 0 ? n.g * n.g / (n.h + l2) : 0; };
    for (std::size_t d = 0; d < depth; ++d) {
      double most = 1e-9;
      std::pair<std::uint32_t, double> best;
      for (std::uint32_t j = 0; j < data.x.number_columns(); ++j)
        for (double t = -4.5; t < 5; ++t) {
          double gain = 0;
          for (const naive_node& n : level) {
            const auto sides = part(n, j, t);
            gain += score(node(sides.first, base, 0)) + score(node(sides.second, base, 0)) - score(n);
          }
          if (gain > most + 1e-9) most = gain, best = {j, t};
        }
      if (most == 1e-9) return;
      cuts.push_back(best);
      std::vector<naive_node> next;
      for (const naive_node& n : level) {
        auto sides = part(n, best.first, best.second);
        next.push_back(node(std::move(sides.first), base, n.says));
        next.push_back(node(std::move(sides.second), base, n.says));
      }
      level = std::move(next);
    }
  }
};

TEST_CASE("symmetric growth: the levels and leaves of a search that tries everything") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    labelled_matrix m{feature_matrix(std::vector<feature_info>(4), 60), std::vector<float>(60), {}, {}};
    random_stream random(seed);
    for (std::size_t i = 0; i < 60; ++i) {
      for (std::size_t j = 0; j < 4; ++j) m.x.number(j)[i] = static_cast<float>(std::floor(random.uniform() * 10 - 5));
      m.label[i] = static_cast<float>(random.normal()) + m.x.number(0)[i] * m.x.number(1)[i];
    }
    gbdt_trainer t{.trees = 1, .learning_rate = 1, .max_depth = 4, .min_rows_in_leaf = 1, .min_hessian = 0};
    t.growth = tree_growth::symmetric;
    t.l2 = seed % 2 == 0 ? 1.5f : 0;
    const auto model = t.fit<squared>(training(m)).value();
    naive_tree naive{m, static_cast<double>(t.l2), {}, {}};
    naive.grow(4, model.base());
    const auto levels = detail::levels_of_symmetric(model.forest(), 0);
    REQUIRE(levels.size() == 4);
    REQUIRE(naive.cuts.size() == 4);
    for (std::size_t d = 0; d < 4; ++d) {
      CHECK(model.forest().feature(levels[d]) == naive.cuts[d].first);
      CHECK(model.forest().threshold(levels[d]) == naive.cuts[d].second);
    }
    const auto margin = margins(model, m);
    for (const naive_node& n : naive.level)
      for (const std::size_t i : n.rows) CHECK(margin[i] == Approx(model.base() + n.says).epsilon(1e-6));
    double of_empty = 0;  // the same paths, asked for rows that no training row is like
    for (const naive_node& n : naive.level) of_empty += n.rows.empty() ? n.says : 0;
    double found = 0;
    for (std::size_t l = 0; l < 16; ++l) found += model.forest().leaf_cover(0, l) == 0 ? model.forest().leaf(0, l) : 0;
    CHECK(found == Approx(of_empty).margin(1e-6));
  }
}

TEST_CASE("symmetric growth: every tree of numbers is one that the scorer knows as symmetric") {
  auto rows = table(5000, 51);
  labelled_matrix numbers{feature_matrix(std::vector<feature_info>(6), 5000), rows.label, {}, {}};
  for (std::size_t j = 0; j < 6; ++j) std::copy_n(rows.x.number(j).begin(), 5000, numbers.x.number(j).begin());
  for (const std::uint32_t depth : {0u, 1u, 3u, 8u}) {
    auto t = six;
    t.max_depth = depth;
    const auto m = t.fit<logistic>(training(numbers)).value();
    REQUIRE(m.trees() == 15);
    for (std::size_t i = 0; i < m.trees(); ++i)
      CHECK(detail::levels_of_symmetric(m.forest(), i).size() == (depth == 0 ? 6 : depth));
    for (std::size_t t0 = 0; t0 < m.trees(); ++t0) {
      double covered = 0;
      for (std::size_t l = 0; l <= m.forest().splits_of(t0); ++l) covered += m.forest().leaf_cover(t0, l);
      CHECK(covered == 5000);
    }
  }
}

TEST_CASE("symmetric growth: a leaf that is too small says what the node above it says") {
  // 3 of 100 rows lie beyond 90; the other column cuts the rest in two.
  labelled_matrix m{feature_matrix(std::vector<feature_info>(2), 100), std::vector<float>(100), {}, {}};
  for (std::size_t i = 0; i < 100; ++i) {
    m.x.number(0)[i] = i % 2 == 0 ? 0.0f : 1.0f;
    m.x.number(1)[i] = i == 1 || i == 11 || i == 21 ? 1.0f : i % 4 < 2 ? 0.0f : -1.0f;
    m.label[i] = (i % 2 == 0 ? -10.0f : 10.0f) + m.x.number(1)[i];
  }
  gbdt_trainer t{.trees = 1, .learning_rate = 1, .max_depth = 2, .min_rows_in_leaf = 10};
  t.growth = tree_growth::symmetric;
  const auto model = t.fit<squared>(training(m)).value();
  REQUIRE(model.forest().splits_of(0) == 3);
  CHECK(model.forest().threshold(1) == -0.5);  // three rows alone gain nothing
  t.min_rows_in_leaf = 26;                     // now no level below the first gains anything
  CHECK(t.fit<squared>(training(m)).value().forest().splits_of(0) == 1);

  // One side of x0 has the second number, the other has three rows of it: they stay with the node above.
  for (std::size_t i = 0; i < 100; ++i) {
    const bool right = i % 2 == 1;
    m.x.number(1)[i] = right ? (i % 4 == 1 ? 1.0f : 0.0f) : (i < 6 ? 1.0f : 0.0f);
    m.label[i] = (right ? 10.0f : -10.0f) + 4 * m.x.number(1)[i];
  }
  t.min_rows_in_leaf = 10;
  const auto other = t.fit<squared>(training(m)).value();
  REQUIRE(other.forest().splits_of(0) == 3);
  const auto says = [&](float a, float b) { return other.raw(std::vector<float>{a, b}); };
  CHECK(says(1, 1) == Approx(14));
  CHECK(says(1, 0) == Approx(10));
  CHECK(says(0, 0) == Approx(-10));
  CHECK(says(0, 1) == Approx(-10 + 4 * 3.0 / 50));  // the mean of all rows of its side of x0
}

TEST_CASE("symmetric growth: margins of training are the model's own, on any number of threads", "[threads]") {
  const auto rows = table(5000, 52), valid = table(2000, 53);
  const auto data = training(rows);
  auto drawn = six, goss = six, dart = six, forest = six, coarse = six, lines = six, zero = six;
  drawn.row_fraction = drawn.column_fraction = 0.7f;
  goss.top_fraction = 0.2f;
  dart.drop_fraction = 0.2f;
  forest.averaged = true;
  forest.row_fraction = 0.6f;
  coarse.gradient_bits = 8;
  lines.linear_leaves = true;
  lines.linear_l2 = 1;
  zero.zero_as_missing = true;
  for (const gbdt_trainer& t : {six, drawn, goss, dart, forest, coarse, lines, zero}) {
    std::vector<double> loss, on_valid;  // by number of trees
    const auto watch = [&](const gbdt_iteration& i) {
      loss.push_back(i.training_loss());
      on_valid.push_back(i.validation);
      return true;
    };
    const early_stopping stop{.validation = t.drop_fraction > 0 ? nullptr : &valid, .rounds = 0};
    const auto m = t.fit<logistic>(data, stop, watch).value();
    const double tolerance = t.drop_fraction == 0 && !t.averaged ? 0 : 1e-12;
    REQUIRE(loss.size() == 15);
    REQUIRE(m.trees() > 5);
    CHECK(mean_loss(m, rows) == Approx(loss[m.trees() - 1]).epsilon(tolerance));
    if (stop.validation) CHECK(mean_loss(m, valid) == Approx(on_valid[m.trees() - 1]).epsilon(tolerance));
    CHECK(mean_loss(m, valid) < 0.56);
    CHECK(saved_bytes(t.fit<logistic>(data, stop, keep_going{}, threads(3)).value()) == saved_bytes(m));
    const auto batch = margins(m, valid);
    for (std::size_t i = 0; i < 50; ++i) {
      std::vector<float> numbers(6);
      std::vector<std::uint32_t> codes(2);
      valid.x.columns().gather(i, numbers.data(), codes.data());
      CHECK(m.raw(mixed_row{numbers, codes}) == batch[i]);
    }
  }
}

TEST_CASE("symmetric growth: a row of weight 0 is no row; ten trees and ten more are twenty; medians, too") {
  auto rows = table(2000, 54);
  labelled_matrix kept{feature_matrix({rows.x.info().begin(), rows.x.info().end()}, 1000), {}, {}, {}};
  for (std::size_t i = 0; i < 2000; ++i) {
    rows.weight.push_back(i % 2 == 0 ? 1.0f : 0.0f);
    if (i % 2 != 0) continue;
    for (std::size_t j = 0; j < 6; ++j) kept.x.number(j)[i / 2] = rows.x.number(j)[i];
    for (std::size_t j = 0; j < 2; ++j) kept.x.code(j)[i / 2] = rows.x.code(j)[i];
    kept.label.push_back(rows.label[i]);
  }
  const auto data = training(kept), weighted = training(rows);
  const auto m = six.fit<logistic>(data).value();
  CHECK(saved_bytes(six.fit<logistic>(weighted).value()) == saved_bytes(m));
  auto thirty = six;
  thirty.trees = 30;
  CHECK(saved_bytes(six.extend(m, logistic{}, data).value()) == saved_bytes(thirty.fit<logistic>(data).value()));
  auto deep = six;
  deep.max_depth = 9;  // most leaves are empty
  const auto medians = deep.fit<absolute>(data).value();
  CHECK(mean_loss(six.refit(m, logistic{}, data, 0).value(), kept) < 0.6);
  CHECK(detail::evaluate(absolute{}, kept, {}, margins(medians, kept), link_function::identity) < 0.3);
}

TEST_CASE("symmetric growth: contributions add up to margins, empty nodes or not") {
  const auto rows = table(400, 56);
  auto deep = six;
  deep.max_depth = 8;
  deep.trees = 5;
  const auto m = deep.fit<logistic>(training(rows)).value();
  const auto explain = gbdt_contributions::build(m).value();
  auto scratch = explain.make_scratch();
  std::vector<double> out(explain.width() + 1);
  for (std::size_t i = 0; i < 50; ++i) {
    std::vector<float> numbers(6);
    std::vector<std::uint32_t> codes(2);
    rows.x.columns().gather(i, numbers.data(), codes.data());
    const mixed_row x{numbers, codes};
    explain(x, out, scratch);
    double sum = 0;
    for (const double v : out) sum += v;
    CHECK(sum == Approx(m.raw(x)).margin(1e-12));
  }
}

TEST_CASE("symmetric growth: features of one path share a group") {
  const std::uint32_t first[] = {0, 1}, second[] = {2, 3};
  const std::span<const std::uint32_t> groups[] = {first, second};
  auto t = six;
  t.interactions = groups;
  const auto m = t.fit<logistic>(training(table(3000, 55))).value();
  for (std::size_t i = 0; i < m.trees(); ++i)
    for (std::size_t s = m.forest().first_split(i); s < m.forest().first_split(i) + m.forest().splits_of(i); ++s)
      CHECK(m.forest().feature(s) / 2 == m.forest().feature(m.forest().first_split(i)) / 2);
}

TEST_CASE("symmetric growth: what cannot be is named") {
  const auto says = [](const gbdt_trainer& t, const char* what) {
    REQUIRE_FALSE(t.check());
    CHECK(t.check().error().message.find(what) != std::string::npos);
  };
  auto bad = six;
  bad.path_smoothing = 1;
  says(bad, "symmetric trees cannot be smoothed");
  bad = six;
  bad.max_depth = 17;
  says(bad, "at most 16");
  bad = six;
  bad.growth = static_cast<tree_growth>(3);
  says(bad, "growth is none of");
  const std::int8_t rising[] = {1};
  bad = six;
  bad.monotone = rising;
  CHECK(bad.fit<logistic>(training(column({1, 2, 3, 4}, {0, 1, 1, 1}))).error().message ==
        "gbdt_trainer: symmetric trees cannot be kept monotone");
  const auto constant = six.fit<logistic>(training(column({3, 3, 3, 3}, {0, 1, 1, 1}))).value();
  CHECK(constant.trees() == 0);
}

}  // namespace test_symmetric_growth
