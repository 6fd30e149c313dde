#include "mlsd/data/folds.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "mlsd/data/byte_source.hpp"
#include "mlsd/data/csv_scanner.hpp"
#include "shared.hpp"

namespace test_folds {
using namespace mlsd;
using rows = std::vector<std::size_t>;

rows numbers(std::string_view text) {
  rows out;
  for (const char *p = text.data(), *last = p + text.size(); p != last;) {
    std::size_t n = 0;
    p = std::from_chars(p, last, n).ptr;
    while (p != last && *p == ' ') ++p;
    out.push_back(n);
  }
  return out;
}
rows listed(row_range r) {
  rows out;
  for (std::size_t i = r.first; i < r.last; ++i) out.push_back(i);
  return out;
}
rows outside(std::size_t n, row_range r) {
  rows out = listed({0, r.first});
  for (std::size_t i = r.last; i < n; ++i) out.push_back(i);
  return out;
}
rows where(const std::vector<std::uint32_t>& fold, std::size_t f, bool equal) {
  rows out;
  for (std::size_t i = 0; i < fold.size(); ++i)
    if ((fold[i] == f) == equal) out.push_back(i);
  return out;
}

struct golden {
  std::map<std::string, std::vector<std::pair<rows, rows>>> cases{};
  std::vector<int> label{}, group{};
};
golden load(const std::string& folder) {
  golden g;
  csv_scanner splits(file_source(folder + "/splits.csv"));
  REQUIRE(splits.next() == csv_step::record);
  while (splits.next() == csv_step::record)
    g.cases[std::string(splits.fields()[0])].emplace_back(numbers(splits.fields()[2]), numbers(splits.fields()[3]));
  csv_scanner data(file_source(folder + "/data.csv"));
  REQUIRE(data.next() == csv_step::record);
  while (data.next() == csv_step::record) {
    g.label.push_back(static_cast<int>(numbers(data.fields()[1])[0]));
    g.group.push_back(static_cast<int>(numbers(data.fields()[2])[0]));
  }
  return g;
}

TEST_CASE("folds: golden index sets of scikit-learn and of an independent purge") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  const golden g = load(std::string(mlsd_test::shared_dir()) + "/golden/features/splits");
  const std::size_t n = 97;
  REQUIRE(g.label.size() == n);
  int compared = 0;
  const auto check = [&](const std::string& name, std::size_t f, const rows& train, const rows& test) {
    INFO(name << " fold " << f);
    CHECK(g.cases.at(name).at(f).first == train);
    CHECK(g.cases.at(name).at(f).second == test);
    ++compared;
  };

  const std::vector<row_range> five = k_folds(n, 5).value();
  const std::pair<std::string, time_folds_options> in_time[] = {
      {"tss5", {.folds = 5}},
      {"tss5_gap4", {.folds = 5, .gap = 4}},
      {"tss4_max20_test10_gap2", {.folds = 4, .gap = 2, .test_rows = 10, .max_train_rows = 20}}};
  for (std::size_t f = 0; f < 5; ++f) check("kfold5", f, outside(n, five[f]), listed(five[f]));
  for (const auto& [name, options] : in_time) {
    const std::vector<time_fold> folds = time_folds(n, options).value();
    REQUIRE(folds.size() == g.cases.at(name).size());
    for (std::size_t f = 0; f < folds.size(); ++f) check(name, f, listed(folds[f].train), listed(folds[f].test));
  }
  const std::vector<std::uint32_t> grouped = group_folds<int>(g.group, 5).value();
  const std::vector<std::uint32_t> stratified = stratified_folds<int>(g.label, 5).value();
  for (std::size_t f = 0; f < 5; ++f) {
    check("groupk5", f, where(grouped, f, false), where(grouped, f, true));
    check("strat5", f, where(stratified, f, false), where(stratified, f, true));
  }

  std::vector<int> first, last;  // the label of row i is known from i to i + 3 + i % 4
  for (int i = 0; i < 97; ++i) {
    first.push_back(i);
    last.push_back(i + 3 + i % 4);
  }
  for (std::size_t f = 0; f < 5; ++f) {
    const rows train = outside(n, five[f]), test = listed(five[f]);
    check("purged5_emb5", f, purge<int>(train, test, {first, last}, 5).value(), test);
  }
  CHECK(compared == 34);
}

TEST_CASE("folds: every row is tested once") {
  for (std::size_t n = 2; n < 40; ++n)
    for (std::size_t k = 2; k <= n; ++k) {
      const std::vector<row_range> folds = k_folds(n, k).value();
      std::size_t next = 0;
      for (const row_range f : folds) {
        CHECK(f.first == next);
        CHECK((f.size() == n / k || f.size() == n / k + 1));
        next = f.last;
      }
      CHECK(next == n);
    }
}

TEST_CASE("folds: what cannot be folded") {
  CHECK(k_folds(3, 4).error().message == "folds: 4 folds need at least 2 folds and as many rows, of which there are 3");
  CHECK(!k_folds(3, 1));
  CHECK(!k_folds(0, 2));
  CHECK(!stratified_folds<int>({}, 2));
  const std::vector<int> one_group(10, 1);
  CHECK(!group_folds<int>(one_group, 2));
  CHECK(!time_folds(5, {.folds = 5}));
  CHECK(!time_folds(10, {.folds = 0}));
  CHECK(!time_folds(10, {.folds = 2, .gap = 4}));
  CHECK(time_folds(10, {.folds = 2, .gap = 3}).value()[0].train == row_range{0, 1});
  CHECK(!time_folds(10, {.folds = 2, .test_rows = (std::numeric_limits<std::size_t>::max)()}));
}

TEST_CASE("folds: purge and embargo at their edges") {
  const std::vector<int> first{0, 10, 20, 30, 31, 36}, last{9, 19, 29, 35, 40, 50};
  const label_spans<int> spans{first, last};
  const rows train{0, 2, 3, 4, 5}, test{1};  // the test span is [10, 19]
  CHECK(purge<int>(train, test, spans).value() == rows{0, 2, 3, 4, 5});
  CHECK(purge<int>(train, test, spans, 1).value() == rows{0, 3, 4, 5});  // 20 is within 1 after 19
  CHECK(purge<int>(train, test, spans, 11).value() == rows{0, 4, 5});    // and 30 within 11
  CHECK(purge<int>(rows{0, 1, 2}, rows{}, spans).value() == rows{0, 1, 2});
  CHECK(purge<int>(rows{0, 3}, rows{2, 4}, spans).value() == rows{0});  // 3 lies between the test rows
  const std::vector<int> touching{0, 9}, touching_last{9, 19};
  CHECK(purge<int>(rows{0}, rows{1}, {touching, touching_last}).value().empty());  // ends count
  CHECK(!purge<int>(rows{6}, rows{0}, spans));
  CHECK(!purge<int>(rows{0}, rows{6}, spans));
  CHECK(!purge<int>(train, test, spans, -1));
  CHECK(!purge<int>(train, test, {first, {}}));
  CHECK(purge<int>(rows{0}, rows{1}, {last, first}).error().code == errc::order);
  const std::vector<timestamp> from{{0}, {1000}, {2500}}, to{{500}, {2000}, {3000}};
  CHECK(purge<timestamp>(rows{0, 2}, rows{1}, {from, to}, milliseconds(500)).value() == rows{0});
}
}  // namespace test_folds
