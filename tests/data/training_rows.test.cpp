#include "mlsd/data/training_rows.hpp"

#include "data/sparse_rows.hpp"

#include "catch.hpp"

#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

namespace test_training_rows {

using namespace mlsd;

// Only what was promised to be out of fold is a row to train on.
static_assert(std::convertible_to<const training_matrix&, training_rows>);
static_assert(std::convertible_to<const sparse_training_matrix&, training_rows>);
static_assert(!std::constructible_from<training_rows, const labelled_matrix&>);
static_assert(!std::constructible_from<training_rows, const labelled_sparse&>);
static_assert(!std::constructible_from<training_rows, const labelled_rows&>);

// A view of what is about to go is not made.
static_assert(!std::is_constructible_v<labelled_rows, labelled_matrix>);
static_assert(!std::is_constructible_v<labelled_rows, labelled_sparse>);

TEST_CASE("training rows: dense and sparse rows look alike", "[data]") {
  labelled_matrix m = sparse_rows::table(50, 1);
  m.weight.assign(50, 2.0f);
  m.group.assign(50, 7u);
  const auto dense = training_matrix::out_of_fold(m);
  const auto sparse = sparse_training_matrix::out_of_fold(sparse_rows::sparse_of(m));
  for (const training_rows& rows : {training_rows(dense), training_rows(sparse)}) {
    CHECK(rows.size() == 50);
    CHECK(rows.x().number_columns() == m.x.number_columns());
    CHECK(rows.x().code_columns() == 0);
    CHECK(rows.x().info()[3].name == "x3");
    CHECK(rows.label().size() == 50);
    CHECK(rows.weight()[4] == 2);
    CHECK(rows.rows().weight_of(4) == 2);
    CHECK(rows.rows().group[9] == 7);
  }
  CHECK(training_rows(dense).x().sparse() == nullptr);
  CHECK(training_rows(dense).x().columns().numbers == dense.x().columns().numbers);
  CHECK(training_rows(sparse).x().sparse() == &sparse.x());
}

TEST_CASE("training rows: no validation rows, or some, even if there is none in them", "[data]") {
  const labelled_matrix none;
  const labelled_sparse sparse;
  const labelled_matrix* const nowhere = nullptr;
  CHECK_FALSE(labelled_rows{});
  CHECK_FALSE(labelled_rows(nullptr));
  CHECK_FALSE(labelled_rows(nowhere));
  CHECK(labelled_rows(&none));
  CHECK(labelled_rows(&sparse));
  CHECK(labelled_rows(none).rows() == 0);
  CHECK(labelled_rows(none).weight_of(3) == 1);
}

TEST_CASE("training rows: sparse rows are checked as dense ones are", "[data]") {
  labelled_sparse m = sparse_rows::sparse_of(sparse_rows::table(5, 1));
  CHECK(check(m));
  CHECK(m.weight_of(2) == 1);
  m.label.pop_back();
  CHECK(check(m).error().message == "5 rows but 4 labels");
  const labelled_sparse none;
  CHECK(check(none).error().message == "no rows");
}

}  // namespace test_training_rows
