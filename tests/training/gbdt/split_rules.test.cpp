#include "mlsd/training/gbdt/split_rules.hpp"

#include "catch.hpp"

namespace test_split_rules {

using mlsd::detail::leaf_limits;
using mlsd::detail::split_rules;
using mlsd::detail::split_side;

TEST_CASE("split rules: the best constant, by hand") {
  const split_rules r{.l1 = 1, .l2 = 2};
  CHECK(r.value(-7, 4, r.l2) == 1.0);   // (7 - 1) / (4 + 2)
  CHECK(r.value(0.5, 4, r.l2) == 0.0);  // less than l1
  CHECK(r.score(-7, 4, r.l2) == 6.0);
  CHECK(r.value(-7, -3, r.l2) == 0.0);  // no curvature
}

TEST_CASE("split rules: how many rows a side needs, and how much they must bend") {
  const split_side leaf{.gradient = 0, .hessian = 50, .rows = 100};
  CHECK(split_rules{.min_rows_in_leaf = 0}.least_rows(leaf) == 1);
  CHECK(split_rules{.min_rows_in_leaf = 1}.least_rows(leaf) == 1);
  CHECK(split_rules{.min_rows_in_leaf = 21}.least_rows(leaf) == 10.5);
  CHECK(split_rules{.min_rows_in_leaf = 21}.least_rows({.rows = 100}) == 21);
  CHECK(split_rules{.min_hessian = 0.25}.least_hessian(leaf) == 0.25);
  CHECK(split_rules{.min_rows_in_leaf = 20}.least_hessian(leaf) == 19.5 * 0.5);
  CHECK(split_rules{.min_hessian = 12, .min_rows_in_leaf = 20}.least_hessian(leaf) == 12);
}

TEST_CASE("split rules: a small leaf is drawn to its parent, and kept within its limits") {
  const split_side s{-10, 5, 30};
  CHECK(split_rules{}.value(s, 0, {.parent = 7}) == 2.0);                      // free
  CHECK(split_rules{.path_smoothing = 10}.value(s, 0, {.parent = 6}) == 3.0);  // (3 * 2 + 6) / 4
  CHECK(split_rules{.monotone = true}.value(s, 0, {.lower = 2.5}) == 2.5);
  CHECK(split_rules{.monotone = true}.value(s, 0, {.upper = -1}) == -1.0);
}

TEST_CASE("split rules: no constant scores better than the best, whose score is the short formula") {
  const split_rules r{.l2 = 1};
  const split_side s{-12, 5, 30};
  const double best = r.value(s.gradient, s.hessian, r.l2);
  CHECK(r.score_of(s, r.l2, best) == Approx(r.score(s.gradient, s.hessian, r.l2)));
  for (const double off : {-1.0, -0.1, 0.1, 1.0}) CHECK(r.score_of(s, r.l2, best + off) < r.score_of(s, r.l2, best));
}

}  // namespace test_split_rules
