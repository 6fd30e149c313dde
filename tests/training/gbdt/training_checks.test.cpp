#include "mlsd/training/gbdt/training_checks.hpp"

#include "data/sparse_rows.hpp"
#include "mlsd/training/loss/softmax.hpp"
#include "mlsd/training/loss/squared.hpp"

#include "catch.hpp"

#include <limits>

namespace test_training_checks {

using namespace mlsd;

TEST_CASE("training checks: a column is empty if every row that counts leaves it out, sparse or dense") {
  const float nan = (std::numeric_limits<float>::quiet_NaN)();
  labelled_matrix rows{feature_matrix({{"zeros", 0}, {"holes", 0}}, 4), {0, 1, 0, 1}, {1, 0, 1, 1}, {}};
  for (const std::size_t i : {0u, 2u, 3u}) rows.x.number(1)[i] = nan;
  rows.x.number(1)[1] = 7;  // in a row of weight 0
  const labelled_sparse sparse = sparse_rows::sparse_of(rows);
  for (const labelled_rows& kind : {labelled_rows(rows), labelled_rows(sparse)}) {
    CHECK_FALSE(detail::is_missing_everywhere(kind, 0));
    CHECK(detail::is_missing_everywhere(kind, 1));
    CHECK(detail::check_columns(kind).error().message == "feature \"holes\" (column 1) is NaN in every row");
  }
  rows.weight[1] = 1;
  CHECK(detail::check_columns(rows));
}

TEST_CASE("training checks: codes beyond their cardinality, and one label only, are named") {
  labelled_matrix rows{feature_matrix({{"site", 3}}, 3), {5, 5, 6}, {}, {}};
  CHECK(detail::check_columns(rows));
  CHECK(detail::check_labels_differ(rows));
  rows.x.code(0)[2] = 3;
  CHECK(detail::check_columns(rows).error().message == "row 2: feature \"site\" has code 3, its cardinality is 3");
  rows.weight = {1, 1, 0};
  CHECK(detail::check_labels_differ(rows).error().code == errc::one_class);
  rows.weight = {0, 0, 0};
  CHECK(detail::check_labels_differ(rows));  // the loss complains of weights
}

TEST_CASE("training checks: a loss of classes has an output for each, others have one") {
  const auto data = training_matrix::out_of_fold({feature_matrix({{"x", 0}}, 3), {0, 2, 1}, {}, {}});
  CHECK(detail::outputs_of(softmax{}, data) == 3);
  CHECK(detail::outputs_of(softmax{.classes = 5}, data) == 5);
  CHECK(detail::outputs_of(squared{}, data) == 1);
  CHECK(detail::check_domain(softmax{}, data.rows(), 3));
  CHECK_FALSE(detail::check_domain(softmax{}, data.rows(), 2));
}

}  // namespace test_training_checks
