#include "mlsd/data/csv_scanner.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace test_csv_scanner {
using namespace mlsd;

/// Gives at most `chunk` bytes at a time.
struct dripping {
  std::string_view rest;
  std::size_t chunk;
  std::size_t operator()(std::span<char> to) {
    const std::size_t n = (std::min)({to.size(), rest.size(), chunk});
    std::copy_n(rest.begin(), n, to.begin());
    rest.remove_prefix(n);
    return n;
  }
};

/// All that a scan says: fields as "[a|b|c]", faults as "!line:column".
std::string told(std::string_view text, const csv_format& format = {}, std::size_t chunk = 1u << 20) {
  csv_scanner scanner(dripping{text, chunk}, format);
  std::string out;
  for (;;) {
    switch (scanner.next()) {
      case csv_step::end:
        return out;
      case csv_step::failed:
        return out + "failed: " + to_string(scanner.error());
      case csv_step::bad:
        out += "!" + std::to_string(scanner.error().line) + ":" + std::to_string(scanner.error().column);
        break;
      case csv_step::record:
        out += "[";
        for (std::size_t i = 0; i < scanner.fields().size(); ++i) {
          if (i != 0) out += "|";
          out += scanner.fields()[i];
        }
        out += "]";
    }
  }
}

/// Where each field of each record is, as "line:column ".
std::string places(std::string_view text, const csv_format& format = {}, std::size_t chunk = 1u << 20) {
  csv_scanner scanner(dripping{text, chunk}, format);
  std::string out;
  for (csv_step step = scanner.next(); step == csv_step::record || step == csv_step::bad; step = scanner.next()) {
    if (step == csv_step::bad) continue;
    for (std::size_t i = 0; i < scanner.fields().size(); ++i)
      out += std::to_string(scanner.position(i).line) + ":" + std::to_string(scanner.position(i).column) + " ";
    out += ". ";
  }
  return out;
}

TEST_CASE("csv_scanner: RFC 4180, section 2") {
  CHECK(told("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n") == "[aaa|bbb|ccc][zzz|yyy|xxx]");          // rule 1
  CHECK(told("aaa,bbb,ccc\r\nzzz,yyy,xxx") == "[aaa|bbb|ccc][zzz|yyy|xxx]");              // rule 2
  CHECK(told("a, b ,c") == "[a| b |c]");                                                  // rule 4: spaces are text
  CHECK(told("\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx") == "[aaa|bbb|ccc][zzz|yyy|xxx]");  // rule 5
  CHECK(told("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx") == "[aaa|b\r\nbb|ccc][zzz|yyy|xxx]");  // rule 6
  CHECK(told("\"a,a\",b") == "[a,a|b]");
  CHECK(told("\"aaa\",\"b\"\"bb\",\"ccc\"") == "[aaa|b\"bb|ccc]");  // rule 7
}

TEST_CASE("csv_scanner: what RFC 4180 leaves open") {
  struct row {
    std::string_view text, want;
  };
  const row rows[] = {
      {"", ""},
      {"\n", ""},
      {"\r\n\r\n\n\r", ""},
      {",", "[|]"},
      {",\n", "[|]"},
      {"a", "[a]"},
      {"a,", "[a|]"},
      {"a\rb\r", "[a][b]"},
      {"a\n\nb", "[a][b]"},
      {"\"\"", "[]"},
      {"\"\"\n\"\"", "[][]"},
      {"\"\"\"\"", "[\"]"},
      {"\"\"\"\"\"\",x", "[\"\"|x]"},
      {"\"a\rb\nc\r\nd\",e\r\nf", "[a\rb\nc\r\nd|e][f]"},
      {"\xef\xbb\xbf"
       "a,b\n1,2",
       "[a|b][1|2]"},
      {"\xef\xbb\xbf\"a\",b", "[a|b]"},
      {"\xef\xbb\xbf", ""},
      {"a\x01\x0b\tb,\x7f\x80\xff", "[a\x01\x0b\tb|\x7f\x80\xff]"},
  };
  for (const row& r : rows) {
    INFO(r.text);
    CHECK(told(r.text) == r.want);
  }
  CHECK(told(std::string_view("a\0b,c\0", 6)) == std::string("[a\0b|c\0]", 8));
  CHECK(told("a\n\nb\n\n", {.keep_empty_lines = true}) == "[a][][b][]");
  CHECK(told("a;b,c\td", {.separator = ';'}) == "[a|b,c\td]");
  CHECK(told("a\tb,\"c\"\t\"d\"", {.separator = '\t', .quote = '\0'}) == "[a|b,\"c\"|\"d\"]");
  CHECK(told("'a,''',\"b\"", {.quote = '\''}) == "[a,'|\"b\"]");
}

TEST_CASE("csv_scanner: trim drops blanks outside quotes only") {
  const csv_format trimming{.trim = true};
  CHECK(told("39, State-gov,\t77516 , Bach elors\n  \n , \n", trimming) == "[39|State-gov|77516|Bach elors][|]");
  CHECK(told(" \" a \" , \"b\"\"\"\t\r\n x ", trimming) == "[ a |b\"][x]");
  CHECK(told("  \"a\"\t\t\"b\"", {.separator = '\t', .trim = true}) == "[a||b]");
  CHECK(told("a, \"b\"", {}) == "!1:4");
}

TEST_CASE("csv_scanner: a bad record ends at the line of its fault, whose place is exact") {
  CHECK(told("a,b\nx,y\"z,\"\n1,2") == "[a|b]!2:4[1|2]");
  CHECK(told("a,\"b\"c\n1,2") == "!1:6[1|2]");
  CHECK(told("a,\"b\nc,d\n1,2\n") == "!1:3[c|d][1|2]");        // never closed
  CHECK(told("a,\"b\n2,\"ok\"\n3,4\n") == "!1:3[2|ok][3|4]");  // closed by another field's quote
  CHECK(told("1,\"x\ny\",2\"3\n4,5\n") == "!2:5[4|5]");        // the fault is on the second line
  CHECK(told("ok\n\"\n\n\"\"\n") == "[ok]!2:1[]");
  CHECK(told("1,\"x\ny\",2\n3,\"4\"5\r\n6", {}) == "[1|x\ny|2]!3:6[6]");
  CHECK(told("a,b,c,d\n1,2\n", {.max_fields = 3}) == "!1:8[1|2]");
  CHECK(told("a,b,c,\"d\"\n1,2\n", {.max_fields = 3}) == "!1:7[1|2]");
  CHECK(told("a,b,c\n1,2\n", {.max_fields = 3}) == "[a|b|c][1|2]");

  csv_scanner scanner(text_source("1\nx,\"y\nz"));
  CHECK(scanner.next() == csv_step::record);
  CHECK(scanner.next() == csv_step::bad);
  CHECK(scanner.error().code == errc::parse);
  CHECK(to_string(scanner.error()) == "line 2, column 3: the quote that opens here is never closed");
  CHECK(scanner.raw() == "x,\"y");
  CHECK(scanner.next() == csv_step::record);
  CHECK(scanner.raw() == "z");
  CHECK(scanner.line() == 3);
  CHECK(scanner.next() == csv_step::end);
  CHECK(scanner.next() == csv_step::end);
}

TEST_CASE("csv_scanner: every field knows its line and column, quoted line ends or not") {
  CHECK(places("a,b\n\n\"x\ny\r\nz\",2,\"\"\r\n,\"q\"\"\n\",w") == "1:1 1:3 . 3:1 5:4 5:6 . 6:1 6:2 7:3 . ");
  CHECK(places("\xef\xbb\xbf"
               "a,b\r1,2") == "1:1 1:3 . 2:1 2:3 . ");
  CHECK(places("  a, \"b\" ,c", {.trim = true}) == "1:3 1:6 1:11 . ");
  csv_scanner scanner(text_source("1,\"2\n3\",45\r\n"));
  CHECK(scanner.next() == csv_step::record);
  CHECK(scanner.raw() == "1,\"2\n3\",45");
  CHECK(scanner.end_position() == text_position{2, 6});
}

TEST_CASE("csv_scanner: chunks and buffers of every size tell the same") {
  const std::string_view texts[] = {
      "\xef\xbb\xbfid,text\r\n1,\"a \"\"quoted\"\"\r\nline\"\r\n\r\n2,\"\"\r3,x\n\n\n4,\"end\"",
      "a,\"b\"x\r\n\"c\r\nd\",e\r\r\n\"open, never closed\r\n1,2\r\n3,4",
      "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18\n\"\"\"\",\"\",\"\"\"\"\"\"\n",
      "plain\"bad,record that is longer than any small buffer of this test\nnext,one\n",
  };
  for (const std::string_view text : texts) {
    const std::string want = told(text), want_places = places(text);
    for (std::size_t chunk = 1; chunk <= text.size() + 1; ++chunk)
      for (const std::size_t buffer : {std::size_t{1}, std::size_t{5}, chunk, std::size_t{1000}}) {
        const csv_format format{.buffer_bytes = buffer};
        if (told(text, format, chunk) != want || places(text, format, chunk) != want_places) {
          INFO("chunk " << chunk << " buffer " << buffer);
          CHECK(told(text, format, chunk) == want);
          CHECK(places(text, format, chunk) == want_places);
        }
      }
  }
}

TEST_CASE("csv_scanner: memory is bounded by the longest record allowed, and reading goes on after it") {
  const csv_format format{.max_record_bytes = 1000, .buffer_bytes = 64};
  const std::string line(5000, 'x'), quoted_lines = "\"" + std::string(2000, '\n');
  CHECK(told("a\n" + line + "\nb\n", format) == "[a]!2:1[b]");
  CHECK(told("a\n" + line + "\r\nb\n", format, 7) == "[a]!2:1[b]");
  CHECK(told("a\n" + line, format) == "[a]!2:1");
  CHECK(told("a\nb,\"" + line + "\nc,\"d\"\n", format) == "[a]!2:3[c|d]");
  CHECK(told("a\nb," + quoted_lines + "c,\"d\"\n", format) == "[a]!2:3[c|d]");
  CHECK(told("x\"" + line + "\"\n1\n", format) == "!1:2[1]");
  // Exactly the bound, with every line end; the carriage return may be the last byte that fits.
  for (const char* end : {"", "\n", "\r\n", "\r"})
    for (std::size_t n : {998u, 999u, 1000u})
      CHECK(told(std::string(n, 'x') + end, format) == "[" + std::string(n, 'x') + "]");
  for (std::size_t n = 1001; n < 1006; ++n) {
    CHECK(told(std::string(n + 1, 'x') + "\r\nb\r\nc\r", format) == "!1:1[b][c]");
    CHECK(told(std::string(n + 1, 'x') + "\rb\rc\r", format) == "!1:1[b][c]");
  }
  csv_scanner scanner(text_source(quoted_lines), format);
  CHECK(scanner.next() == csv_step::bad);
  CHECK(scanner.error().code == errc::capacity);
  CHECK(scanner.error().message == "the quote that opens here is not closed within 1000 bytes");
}

TEST_CASE("csv_scanner: what is not text, and sources that fail") {
  CHECK(told("\xff\xfe"
             "a") == "failed: byte 0: the text is UTF-16; UTF-8 is needed");
  CHECK(told("\x1f\x8b\x08") == "failed: byte 0: the bytes are gzip, not text");
  CHECK(told("a", {.separator = '"'}).starts_with("failed: "));
  CHECK(told("a", {.separator = '\n'}).starts_with("failed: "));
  CHECK(told("a", {.quote = '\r'}).starts_with("failed: "));
  CHECK(told("a", {.quote = ' ', .trim = true}).starts_with("failed: "));

  csv_scanner missing(file_source("no/such/file.csv"));
  CHECK(missing.next() == csv_step::failed);
  CHECK(missing.error().code == errc::io);
  CHECK(missing.error().message.starts_with("cannot open 'no/such/file.csv': "));
  CHECK(missing.next() == csv_step::failed);

  int calls = 0;
  csv_scanner breaking([&calls](std::span<char> to) -> result<std::size_t> {
    if (++calls > 2) return error{errc::io, "the line went dead"};
    to[0] = 'a';
    to[1] = '\n';
    return std::size_t{2};
  });
  CHECK(breaking.next() == csv_step::failed);  // a buffer is filled before it is read
  CHECK(breaking.error().message == "the line went dead");
}

TEST_CASE("csv_scanner: what a writer quotes comes back (model-based)") {
  std::uint64_t state = 1;
  const auto draw = [&state](std::uint64_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % n;
  };
  const std::string_view alphabet = "ab,\"\n\r \t;0\xc3\xa9";
  for (int round = 0; round < 300; ++round) {
    std::string text, want;
    const std::size_t columns = 2 + draw(5);
    for (std::uint64_t r = draw(8); r > 0; --r) {
      want += "[";
      for (std::size_t c = 0; c < columns; ++c) {
        std::string field;
        for (std::uint64_t n = draw(12); n > 0; --n) field += alphabet[draw(alphabet.size())];
        const bool must = field.find_first_of(",\"\n\r") != std::string::npos;
        if (c != 0) text += ',', want += '|';
        want += field;
        if (must || draw(4) == 0) {
          text += '"';
          for (const char x : field) text += x == '"' ? "\"\"" : std::string(1, x);
          text += '"';
        } else {
          text += field;
        }
      }
      want += "]";
      const std::string_view ends[] = {"\n", "\r\n"};
      text += ends[draw(2)];
    }
    const std::size_t chunk = 1 + draw(40), buffer = 1 + draw(40);
    INFO(text);
    REQUIRE(told(text, {.buffer_bytes = buffer}, chunk) == want);
  }
}
}  // namespace test_csv_scanner
