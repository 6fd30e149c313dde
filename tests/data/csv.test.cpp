#include "mlsd/data/csv.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_csv {
using namespace mlsd;

struct click {
  std::uint32_t ip = 0;
  float bid = 0;
  std::optional<double> age{};
  std::string site{};
  timestamp time{};
  double windowed = 0;
  bool bought = false;
};
constexpr schema clicks{"ip"_f = &click::ip,
                        "bid"_f = &click::bid,
                        "age"_f = &click::age,
                        "site"_f = &click::site,
                        "time"_f = &click::time,
                        "windowed"_f = computed(&click::windowed),
                        "bought"_f = label(&click::bought)};

struct pair {
  int a = 0;
  std::string b{};
};
constexpr schema pairs{"a"_f = &pair::a, "b"_f = &pair::b};

template <const auto& Schema> std::string failure(std::string_view text, csv_options options = {}) {
  const auto r = read_csv<Schema>(text_source(text), std::move(options));
  return r ? "none: " + std::to_string(r->size()) + " rows" : to_string(r.error());
}

/// "a=b " for every row.
std::string listed(const frame<pairs>& table) {
  std::string out;
  for (std::size_t i = 0; i < table.size(); ++i)
    out += std::to_string(table["a"_f][i]) + "=" + std::string(table["b"_f][i]) + " ";
  return out;
}

constexpr std::string_view three =
    "site,ip,extra,time,bought,age,bid\n"
    "a.org,1,x,2017-11-06 16:00:00,0,31.5,0.25\r\n"
    "\"b, \"\"c\"\"\",4294967295,,2017-11-06 16:00:01,1,,-1e3\n"
    ",0,,2017-11-07 00:00:00,false,0,0";

TEST_CASE("csv: a typed table by the names of its header") {
  const frame<clicks> table = read_csv<clicks>(text_source(three)).value();
  REQUIRE(table.size() == 3);
  CHECK(table["ip"_f][1] == 4294967295u);
  CHECK(table["bid"_f][0] == 0.25f);
  CHECK(table["bid"_f][1] == -1000.0f);
  CHECK(table["age"_f][0] == 31.5);
  CHECK(table["age"_f][1] == std::nullopt);
  CHECK(table["site"_f][1] == "b, \"c\"");
  CHECK(table["site"_f][2].empty());
  CHECK(table["time"_f][0] == *parse_timestamp("2017-11-06 16:00:00"));
  CHECK(table["bought"_f][1] == 1);
  CHECK(table["bought"_f][2] == 0);
  CHECK(table["windowed"_f][2] == 0.0);  // computed: not in the file
}

TEST_CASE("csv: batches hold the same rows as the whole") {
  const frame<clicks> whole = read_csv<clicks>(text_source(three)).value();
  for (const std::size_t rows : {1u, 2u, 3u, 4u}) {
    auto reader = open_csv<clicks>(text_source(three), {.format = {.buffer_bytes = 9}});
    frame<clicks> batch;
    std::size_t seen = 0;
    while (reader.next(batch, rows).value()) {
      CHECK(batch.size() <= rows);
      for (std::size_t i = 0; i < batch.size(); ++i, ++seen) {
        CHECK(batch["ip"_f][i] == whole["ip"_f][seen]);
        CHECK(batch["site"_f][i] == whole["site"_f][seen]);
        CHECK(batch["age"_f][i] == whole["age"_f][seen]);
      }
    }
    CHECK(seen == whole.size());
    CHECK(batch.empty());
    CHECK(!reader.next(batch, rows).value());
  }
}

TEST_CASE("csv: header or none") {
  const auto text_of = [](std::string_view text, csv_options options) {
    return listed(read_csv<pairs>(text_source(text), std::move(options)).value());
  };
  CHECK(text_of("1,x\n2,y\n", {.header = false}) == "1=x 2=y ");
  CHECK(text_of("x,?,1\n", {.header = false, .columns = {"b", "c", "a"}}) == "1=x ");
  CHECK(text_of("B,A\nx,1\n", {.columns = {"b", "a"}}) == "1=x ");
  CHECK(text_of("Text,a\nx,1\n", {.renamed = {{"b", "Text"}}}) == "1=x ");
  CHECK(text_of("b,a\n1,x\n", {.renamed = {{"a", "b"}, {"b", "a"}}}) == "1=x ");
  CHECK(text_of("1, x\n 2 ,\" y \"\n", {.format = {.trim = true}, .header = false}) == "1=x 2= y  ");
  CHECK(text_of("\xef\xbb\xbf"
                "a,b\n1,x",
                {}) == "1=x ");
  CHECK(text_of("a,b\n\n1,x\n\n", {}) == "1=x ");
  CHECK(text_of("a,b,,\n1,x,,\n", {}) == "1=x ");  // columns without a name
  CHECK(text_of("a,b\n", {}).empty());
  CHECK(text_of("a;b\n1;?\n", {.format = {.separator = ';'}, .words = {.missing = {"?"}}}) == "1= ");
}

TEST_CASE("csv: errors of the header name the culprit") {
  CHECK(failure<pairs>("") == "line 1, column 1: the text is empty");
  CHECK(failure<pairs>("\n\n") == "line 1, column 1: the text is empty");
  CHECK(failure<pairs>("", {.header = false}) == "line 1, column 1: the text is empty");
  CHECK(read_csv<pairs>(text_source("")).error().code == errc::empty);
  CHECK(failure<pairs>("a,c\n1,2") == "line 1, column 1: there is no column 'b' among 'a', 'c'");
  CHECK(read_csv<pairs>(text_source("A,b\n")).error().code == errc::missing_column);
  CHECK(failure<pairs>("\na,b,a\n1,2,3") == "line 2, column 1: two columns are called 'a', number 1 and number 3");
  CHECK(failure<pairs>("a,b,\"c\n1,2,3") == "line 1, column 5: the quote that opens here is never closed");
  CHECK(failure<pairs>("a,b\n", {.renamed = {{"x", "y"}}}) ==
        "csv: a column is renamed to 'x', which no field is called");
  CHECK(failure<pairs>("a,b\n", {.renamed = {{"b", "B"}}}) ==
        "line 1, column 1: there is no column 'B' among 'a', 'b'");
  CHECK(failure<pairs>("a,b\n", {.columns = {"a", "b", "c"}}) == "line 1, column 4: expected 3 fields, found 2");
  CHECK(failure<pairs>("1,2\n", {.header = false, .columns = {"a"}}) == "there is no column 'b' among 'a'");
  CHECK(failure<clicks>("ip,bid,age,site,time\n") ==
        "line 1, column 1: there is no column 'bought' among 'ip', 'bid', 'age', 'site', 'time'");
  CHECK(failure<pairs>("a,b\n", {.format = {.separator = '"'}}).find("separator") != std::string::npos);
  CHECK(read_csv<pairs>(file_source("no/such.csv")).error().code == errc::io);
}

TEST_CASE("csv: a bad row is an error with line, column, what was expected and what was found") {
  CHECK(failure<pairs>("a,b\n1,x\n\n12x,y\n") ==
        "line 4, column 1: expected an integer from -2147483648 to 2147483647 for 'a', found '12x'");
  CHECK(failure<pairs>("a,b\n1,\"x\ny\"\n,y\n") ==
        "line 4, column 1: expected an integer from -2147483648 to 2147483647 for 'a', found nothing");
  CHECK(failure<pairs>("a,b\n?,y\n", {.words = {.missing = {"?"}}}) ==
        "line 2, column 1: expected an integer from -2147483648 to 2147483647 for 'a', found '?', a missing value");
  CHECK(failure<pairs>("a,b\n1\n") == "line 2, column 2: expected 2 fields, found 1");
  CHECK(failure<pairs>("a,b\n1,2,3\n") == "line 2, column 5: expected 2 fields, found 3");
  CHECK(failure<pairs>("a,b\n1,\"2\"3\n") == "line 2, column 6: text after the closing quote");
  CHECK(failure<pairs>("1,2,3\n", {.header = false}) == "line 1, column 5: expected 2 fields, found 3");
  CHECK(read_csv<pairs>(text_source("a,b\nx,y\n")).error().code == errc::parse);
  const std::string head = "ip,bid,age,site,time,bought\n", time = "2017-11-06 16:00:00";
  CHECK(failure<clicks>(head + "1,2,3,s," + time + ",1\n") == "none: 1 rows");
  CHECK(failure<clicks>(head + "1,2,x,s," + time + ",1\n") ==
        "line 2, column 5: expected a number or nothing for 'age', found 'x'");
  CHECK(failure<clicks>(head + "1,2,3,s,06/11/17,1\n") ==
        "line 2, column 9: expected a time such as 2017-11-06 16:00:00 for 'time', found '06/11/17'");
  CHECK(failure<clicks>(head + "1,nan,3,s," + time + ",1\n") ==
        "line 2, column 3: expected a number for 'bid', found 'nan'");
  CHECK(failure<clicks>(head + "-1,2,3,s," + time + ",1\n") ==
        "line 2, column 1: expected an integer from 0 to 4294967295 for 'ip', found '-1'");
  // What was found is cut, and cannot move a terminal's cursor.
  CHECK(failure<pairs>("a,b\n\"\x1b[2J\n" + std::string(100, 'x') + "\",y\n")
            .find("found '?[2J?" + std::string(35, 'x') + "...'") != std::string::npos);
  CHECK(
      failure<pairs>("a,b\n" + std::string(39, 'x') + "\xc3\xa9,y\n").find("found '" + std::string(39, 'x') + "...'") !=
      std::string::npos);
}

TEST_CASE("csv: strict reading keeps the rows before, and can go on behind the bad row") {
  auto reader = open_csv<pairs>(text_source("a,b\n1,x\nbad,y\n3,z\n"));
  frame<pairs> batch;
  CHECK(!reader.next(batch, 10));
  CHECK(listed(batch) == "1=x ");
  CHECK(reader.next(batch, 10).value());
  CHECK(listed(batch) == "3=z ");
  auto broken = open_csv<pairs>(text_source("a,a\n1,x\n"));
  CHECK(!broken.next(batch, 10));
  CHECK(!broken.next(batch, 10));
}

TEST_CASE("csv: collecting lists every bad row and reads every good one") {
  std::vector<bad_row> bad;
  const auto table =
      read_csv<pairs>(text_source("a,b\n1,x\nbad,y\n2\n3,\"z\n\"q\n4,w\n5,\"open\n6,v"), {.bad_rows = &bad});
  CHECK(listed(table.value()) == "1=x 4=w 6=v ");
  REQUIRE(bad.size() == 5);
  CHECK((bad[0].line == 3 && bad[0].column == 1 && bad[0].text == "bad,y"));
  CHECK(bad[0].message.ends_with("for 'a', found 'bad'"));
  CHECK((bad[1].line == 4 && bad[1].column == 2 && bad[1].text == "2"));
  CHECK((bad[2].line == 5 && bad[2].column == 3 && bad[2].text == "3,\"z"));
  CHECK((bad[3].line == 6 && bad[3].column == 1 && bad[3].text == "\"q"));
  CHECK((bad[4].line == 8 && bad[4].column == 3 && bad[4].text == "5,\"open"));

  bad.clear();
  CHECK(failure<pairs>("a,b\nx,1\ny,2\nz,3\n", {.bad_rows = &bad, .max_bad_rows = 2})
            .starts_with("line 4, column 1: more than 2 bad rows; the next: expected an integer"));
  CHECK(bad.size() == 2);
  bad.clear();
  CHECK(failure<pairs>("a,b\n" + std::string(9000, 'x') + ",1\n", {.bad_rows = &bad}) == "none: 0 rows");
  CHECK(bad.at(0).text.size() == 4096);
  // A missing column or a source that fails is no bad row.
  CHECK(failure<pairs>("a,c\n", {.bad_rows = &bad}).find("no column 'b'") != std::string::npos);
  CHECK(bad.size() == 1);
}

TEST_CASE("csv: bad rows leave no trace in any column") {
  std::vector<bad_row> bad;
  const std::string good = "1,2,3,site,2017-11-06 16:00:00,1\n";
  std::string text = "ip,bid,age,site,time,bought\n";
  for (const char* row : {"x,2,3,s,2017-11-06 16:00:00,1", "1,x,3,s,2017-11-06 16:00:00,1",
                          "1,2,x,s,2017-11-06 16:00:00,1", "1,2,3,s,x,1", "1,2,3,s,2017-11-06 16:00:00,x"})
    text += row + ("\n" + good);
  const frame<clicks> table = read_csv<clicks>(text_source(text), {.bad_rows = &bad}).value();
  CHECK(bad.size() == 5);
  REQUIRE(table.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(table["ip"_f][i] == 1);
    CHECK(table["site"_f][i] == "site");
    CHECK(table["bought"_f][i] == 1);
  }
}

TEST_CASE("csv: from a file and from a lambda") {
  const char* const path = "mlsd_csv_test.csv";
  std::FILE* f = std::fopen(path, "wb");
  REQUIRE(f != nullptr);
  std::string text = "a,b\n";
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + ",text " + std::to_string(i) + "\n";
  REQUIRE(std::fwrite(text.data(), 1, text.size(), f) == text.size());
  std::fclose(f);
  const frame<pairs> table = read_csv<pairs>(file_source(path)).value();
  std::remove(path);
  REQUIRE(table.size() == 20'000);
  CHECK(table["a"_f][19'999] == 19'999);
  CHECK(table["b"_f][10'000] == "text 10000");

  std::size_t at = 0;
  const auto by_three = [&](std::span<char> to) {
    const std::size_t n = text.copy(to.data(), (std::min)(to.size(), std::size_t{3}), at);
    at += n;
    return n;
  };
  CHECK(listed(read_csv<pairs>(by_three).value()) == listed(table));
}

TEST_CASE("csv: what is written with quotes where needed is read back (model-based)") {
  std::uint64_t state = 7;
  const auto draw = [&state](std::uint64_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
  };
  const std::string_view alphabet = "xyz,\"\n\r \t;";
  for (int round = 0; round < 100; ++round) {
    std::string text = "b,a\n", want;
    for (std::uint64_t r = draw(10); r > 0; --r) {
      std::string b;
      for (std::uint64_t n = draw(8); n > 0; --n) b += alphabet[draw(alphabet.size())];
      const std::string a = std::to_string(static_cast<int>(draw(2000)) - 1000);
      want += a + "=" + b + " ";
      text += '"';
      for (const char c : b) text += c == '"' ? "\"\"" : std::string(1, c);
      text += "\"," + a + (draw(2) == 0 ? "\r\n" : "\n");
    }
    INFO(text);
    REQUIRE(listed(read_csv<pairs>(text_source(text), {.format = {.buffer_bytes = 1 + draw(64)}}).value()) == want);
  }
}
}  // namespace test_csv
