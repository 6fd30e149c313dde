#include "mlsd/data/sparse_matrix.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test_sparse_matrix {

using namespace mlsd;

/// Rows (CSR) of three columns.
struct arrays {
  std::vector<std::uint64_t> offset{0, 2, 2, 5};
  std::vector<std::uint32_t> index{2, 0, 0, 1, 2};
  std::vector<float> value{5, 1, 7, 0, std::nanf("")};
  std::vector<feature_info> info{{"a", 0}, {"b", 0}, {"c", 0}};
  std::size_t columns = 3;

  [[nodiscard]] result<sparse_matrix> read() const {
    return sparse_matrix::from_rows(info, {offset, index, value, columns});
  }
};
template <class Change> std::string complaint(Change change) {
  arrays a;
  change(a);
  const auto r = a.read();
  return r ? std::string() : r.error().message;
}

TEST_CASE("sparse matrix: rows in any order of columns become columns by ascending row", "[data]") {
  const sparse_matrix m = arrays{}.read().value();
  CHECK(m.rows() == 3);
  CHECK(m.number_columns() == 3);
  CHECK(m.size() == 5);
  CHECK(m.info()[1].name == "b");
  const auto is = [](const sparse_column& c, const std::vector<std::uint32_t>& row) {
    return std::vector<std::uint32_t>(c.row.begin(), c.row.end()) == row && c.value.size() == row.size();
  };
  CHECK(is(m.number(0), {0, 2}));
  CHECK(m.number(0).value[0] == 1);
  CHECK(m.number(0).value[1] == 7);
  CHECK(is(m.number(1), {2}));  // a 0 that is written down is kept
  CHECK(is(m.number(2), {0, 2}));
  CHECK(m.number(2).value[0] == 5);
  CHECK(std::isnan(m.number(2).value[1]));
}

TEST_CASE("sparse matrix: values that are all 1 take no room", "[data]") {
  arrays a;
  a.value.assign(5, 1.0f);
  const sparse_matrix m = a.read().value();
  CHECK(m.number(2).value.empty());
  CHECK(m.number(2).row[1] == 2);
  CHECK(m.number(2).value_of(1) == 1);
}

TEST_CASE("sparse matrix: without values entries are 1; no entries, no rows, no columns", "[data]") {
  arrays a;
  a.value.clear();
  CHECK(a.read().value().number(2).value_of(0) == 1);
  const auto empty = sparse_matrix::from_rows({{"a", 0}}, {std::vector<std::uint64_t>{0, 0, 0}, {}, {}, 1}).value();
  CHECK(empty.rows() == 2);
  CHECK(empty.number(0).row.empty());
  CHECK(sparse_matrix::from_rows({}, {}).value().rows() == 0);
  CHECK(sparse_matrix{}.number_columns() == 0);
}

TEST_CASE("sparse matrix: what is wrong with rows is said with the row", "[data]") {
  CHECK(complaint([](auto&) {}).empty());
  CHECK(complaint([](auto& a) { a.index[4] = 3; }) == "sparse matrix: row 2: column 3 of 3");
  CHECK(complaint([](auto& a) { a.index[3] = 0; }) == "sparse matrix: row 2: column 0 is there twice");
  CHECK(complaint([](auto& a) { a.index[1] = 2; }) == "sparse matrix: row 0: column 2 is there twice");
  CHECK(complaint([](auto& a) { a.offset[2] = 1; }) == "sparse matrix: row 1: it has no end");
  CHECK(complaint([](auto& a) { a.offset[1] = 6; }) == "sparse matrix: row 0: it has no end");
  CHECK(complaint([](auto& a) { a.offset[3] = 4; }) == "sparse matrix: the rows do not span the entries");
  CHECK(complaint([](auto& a) { a.offset[0] = 1; }) == "sparse matrix: the rows do not span the entries");
  CHECK(complaint([](auto& a) { a.offset.clear(); }) == "sparse matrix: the rows do not span the entries");
  CHECK(complaint([](auto& a) { a.value.pop_back(); }) == "sparse matrix: 5 entries but 4 values");
  CHECK(complaint([](auto& a) { a.info.pop_back(); }) == "sparse matrix: 3 columns, but 2 are named");
  CHECK(complaint([](auto& a) { a.info[1].cardinality = 9; }) == "sparse matrix: \"b\" is a code");
}

}  // namespace test_sparse_matrix
