#include "mlsd/data/libsvm.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace test_libsvm {

using namespace mlsd;

result<labelled_matrix> read(const char* text, const libsvm_options& options = {}) {
  return read_libsvm(text_source(text), options);
}
std::vector<float> column(const labelled_matrix& m, std::size_t j) {
  return {m.x.number(j).begin(), m.x.number(j).end()};
}
using floats = std::vector<float>;

TEST_CASE("libsvm: rows become columns, what is absent is 0") {
  const auto m = read("1 1:0.5 3:-2\n-1.5e1  2:7 \r\n\n# a remark\n0\n").value();
  CHECK(m.label == floats{1, -15, 0});
  REQUIRE(m.x.number_columns() == 3);
  CHECK(column(m, 0) == floats{0.5f, 0, 0});
  CHECK(column(m, 1) == floats{0, 7, 0});
  CHECK(column(m, 2) == floats{-2, 0, 0});
  CHECK(m.x.info()[0].name == "1");
  CHECK(m.group.empty());
  CHECK(check(m));
}

TEST_CASE("libsvm: cells are counted before there is memory for them") {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "0\n";
  for (int c = 1; c <= 100; ++c) text += (c == 1 ? "1 " : " ") + std::to_string(c) + ":1";
  const auto r = read((text + "\n").c_str(), {.most_cells = 10'000});
  REQUIRE_FALSE(r);
  CHECK(r.error().line == 2001);
  CHECK(r.error().message.find("more than 10000 cells") != std::string::npos);
}

TEST_CASE("libsvm: indices count from 0 where one is 0, or from where they are told to") {
  CHECK(read("1 0:5 1:6\n").value().x.info()[0].name == "0");
  CHECK(read("1 1:6\n").value().x.number_columns() == 1);
  const auto two = read("1 1:5 2:7\n0 1:3 2:9\n", {.columns = 2}).value();
  CHECK(column(two, 0) == floats{5, 3});
  CHECK(column(two, 1) == floats{7, 9});
  const auto told = read("1 1:6\n", {.first_index = 0}).value();
  CHECK(told.x.number_columns() == 2);
  CHECK(column(told, 1) == floats{6});
  const auto wide = read("1 5:6\n", {.first_index = 5, .columns = 3}).value();
  CHECK(wide.x.number_columns() == 3);
  CHECK(wide.x.info()[2].name == "7");
  CHECK(read("1 1:6 9:1\n", {.first_index = 1, .columns = 2}).value().x.number_columns() == 2);
}

TEST_CASE("libsvm: groups, remarks, NaN") {
  const auto m = read("2 qid:10 1:0.25 2:nan #docid = GX0 inc = 1\n0 qid:10 2:3 # 7:9\n1 qid:4294967295 1:1\n",
                      {.absent = std::nanf("")})
                     .value();
  CHECK(m.group == std::vector<std::uint32_t>{10, 10, 4294967295u});
  REQUIRE(m.x.number_columns() == 2);
  CHECK(std::isnan(column(m, 1)[0]));
  CHECK(std::isnan(column(m, 0)[1]));
  CHECK(column(m, 1)[1] == 3);
  const auto holes = column(read("1 1:NaN\n1 1:NAN\n1 1:-nan\n").value(), 0);
  for (const float x : holes) CHECK(std::isnan(x));
  CHECK_FALSE(read("1 1:nano\n"));
  CHECK_FALSE(read("1 1:inf\n"));
  CHECK(read("2\tqid:10\t1:4\n", {.separator = '\t'}).value().group.size() == 1);
}

TEST_CASE("libsvm: sparse rows are the dense ones, whatever the indices and options") {
  const char* const texts[] = {"1 1:0.5 3:-2\n-1.5e1  2:7 \r\n\n# a remark\n0\n",
                               "1 0:5 1:6\n",
                               "1 1:6 4:nan 2:0\n0 3:1 1:1\n",
                               "1 qid:3 2:1 1:4\n1 qid:4\n",
                               "7\n",
                               "1 5:6 7:7 9:1\n"};
  const libsvm_options many[] = {
      {}, {.columns = 2}, {.first_index = 0}, {.first_index = 0, .columns = 7}, {.columns = 3}};
  for (const char* text : texts)
    for (const libsvm_options& o : many) {
      INFO(text);
      const auto dense = read_libsvm(text_source(text), o);
      const auto sparse = read_sparse_libsvm(text_source(text), o);
      REQUIRE(dense.has_value() == sparse.has_value());
      if (!dense) {
        CHECK(dense.error().message == sparse.error().message);
        continue;
      }
      CHECK(sparse->label == dense->label);
      CHECK(sparse->group == dense->group);
      REQUIRE(sparse->rows() == dense->rows());
      REQUIRE(
          std::equal(sparse->x.info().begin(), sparse->x.info().end(), dense->x.info().begin(), dense->x.info().end()));
      for (std::size_t j = 0; j < dense->x.number_columns(); ++j) {
        floats all(dense->rows());
        const sparse_column c = sparse->x.number(j);
        for (std::size_t e = 0; e < c.row.size(); ++e) all[c.row[e]] = c.value_of(e);
        for (std::size_t i = 0; i < all.size(); ++i)
          CHECK((all[i] == column(*dense, j)[i] || (std::isnan(all[i]) && std::isnan(column(*dense, j)[i]))));
      }
    }
  CHECK(read_sparse_libsvm(text_source("1 1:2 1:3\n")).error().message == "feature 1 stands twice in this row");
  CHECK(read_sparse_libsvm(text_source("1 1:2 2:3\n"), {.most_cells = 1}).error().column == 7);
  CHECK_FALSE(read_sparse_libsvm(text_source("1 1:2\n"), {.absent = std::nanf("")}));
}

TEST_CASE("libsvm: errors name the line, the column and the culprit") {
  const auto says = [](const result<labelled_matrix>& r, std::uint64_t line, std::uint64_t at, const char* what) {
    REQUIRE_FALSE(r);
    INFO(r.error().message);
    CHECK(r.error().line == line);
    CHECK(r.error().column == at);
    CHECK(r.error().message.find(what) != std::string::npos);
  };
  says(read(""), 1, 1, "no rows");
  says(read("# nothing\n"), 1, 1, "no rows");
  says(read("1 1:2\nyes 1:2\n"), 2, 1, "the label 'yes' is not a number");
  says(read("1 1:2\n1 1:2 2:x\n"), 2, 7, "'2:x' is not INDEX:VALUE");
  says(read("1 1:2 2\n"), 1, 7, "'2' is not INDEX:VALUE");
  says(read("1 -1:2\n"), 1, 3, "'-1:2' is not INDEX:VALUE");
  says(read("1 2:1 3:1 2:5\n"), 1, 11, "feature 2 stands twice");
  says(read("1 99999999:1\n"), 1, 3, "feature 99999999 is beyond the 65536 columns allowed");
  says(read("1 0:1\n", {.first_index = 1}), 1, 3, "feature 0 lies before the first index, 1");
  says(read("1 qid:x 1:1\n"), 1, 3, "the group 'x'");
  says(read("1 qid:1 1:1\n1 1:1\n"), 2, 1, "no group, but the rows before have one");
  says(read("1 1:1\n1 qid:1 1:1\n"), 2, 3, "a group, but the rows before have none");
  const auto vast = read("1 65535:1\n1 1:1\n", {.most_cells = 100'000});
  REQUIRE_FALSE(vast);
  CHECK(vast.error().code == errc::capacity);
}

}  // namespace test_libsvm
