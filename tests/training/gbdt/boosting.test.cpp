#include "mlsd/training/gbdt/boosting.hpp"

#include "catch.hpp"

#include <vector>

namespace test_boosting {

using namespace mlsd;

training_matrix line(std::size_t n) {
  labelled_matrix m{feature_matrix(std::vector<feature_info>(2), n), std::vector<float>(n), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    m.x.number(0)[i] = static_cast<float>(i);
    m.x.number(1)[i] = static_cast<float>(i * 37 % 101);
    m.label[i] = static_cast<float>(i) / 10;
  }
  return training_matrix::out_of_fold(std::move(m));
}

gbdt_model run(const training_matrix& data, const detail::boosting_rules& rules) {
  sequential ex;
  const detail::binned_matrix x(data.x(), data.weight(), {}, ex);
  keep_going go;
  const squared loss;
  const early_stopping stop;
  const row_groups none;
  detail::boosting<squared, squared> grow(rules, loss, data, none, stop, none);
  return grow(grow.nothing(), x, go, ex).value();
}

TEST_CASE("boosting: each tree is fitted to what the trees before it left") {
  // One leaf a row and a full step: one tree is exact.
  detail::boosting_rules rules{.trees = 1};
  rules.growth.learning_rate = 1;
  rules.growth.leaves = 100;
  const auto m = run(line(50), rules);
  for (int i = 0; i < 50; ++i)
    CHECK(m.raw(std::vector<float>{static_cast<float>(i), 0}) == Approx(static_cast<double>(i) / 10).margin(1e-6));
  // Half a step leaves half of the error: after k trees (1/2)^k of it.
  rules.growth.learning_rate = 0.5;
  rules.trees = 3;
  const auto half = run(line(50), rules);
  CHECK(half.raw(std::vector<float>{0, 0}) == Approx(2.45 / 8).epsilon(1e-5));
}

TEST_CASE("boosting: rows and columns are drawn by seed, tree and index alone") {
  detail::boosting_rules rules{.trees = 20, .sampling = {.row_fraction = 0.5, .column_fraction = 0.5, .seed = 3}};
  rules.growth.leaves = 2;
  const auto data = line(400);
  const auto m = run(data, rules), same = run(data, rules);
  std::size_t second = 0;
  for (std::size_t t = 0; t < m.trees(); ++t) {
    CHECK(m.forest().threshold(m.forest().first_split(t)) == same.forest().threshold(m.forest().first_split(t)));
    second += m.forest().feature(m.forest().first_split(t));
  }
  CHECK(second > 3);  // one of two columns a tree, although the first is far better
  CHECK(second < 17);
  rules.sampling.column_fraction = 1;
  CHECK(run(data, rules).gain_importance()[1] == 0);
}

}  // namespace test_boosting
