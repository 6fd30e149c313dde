#include "mlsd/scoring/import/ubj_reader.hpp"

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/scoring/import/json_reader.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace test_ubj_reader {

using namespace mlsd::detail;
using mlsd::result;
using json = nlohmann::json;

result<json_tape> read(std::string_view bytes, json_encoding encoding, std::size_t most_depth = 64) {
  json_reading how{.encoding = encoding};
  how.most_depth = most_depth;
  return read_json(bytes, how, [](json_value) { return result<void>(); });
}
std::string fault(std::string_view bytes) {
  const auto tape = read(bytes, json_encoding::ubj);
  return tape ? "none" : tape.error().message;
}

json random_document(mlsd_test::draws& random, int depth) {
  switch (random.below(depth > 4 ? 7 : 10)) {
    case 0:
      return nullptr;
    case 1:
      return random.below(2) == 0;
    case 2:
      return std::string(random.below(5), 'x');
    case 3:
      return random.normal();
    case 4:
      return static_cast<std::int64_t>(random.below(1u << 9)) - 256;
    case 5:
      return static_cast<std::int64_t>(random.bits() >> (12 + random.below(50)));
    case 6: {
      json numbers = json::array();
      const int kind = static_cast<int>(random.below(4));
      for (std::uint64_t i = random.below(9); i > 0; --i) {
        if (kind == 0) numbers.push_back(random.normal());
        if (kind == 1) numbers.push_back(static_cast<int>(random.below(200)) - 100);
        if (kind == 2) numbers.push_back(random.below(100'000));
        if (kind == 3) numbers.push_back(-1000 - static_cast<int>(random.below(5)));
      }
      return numbers;
    }
    case 7: {
      json list = json::array();
      for (std::uint64_t i = random.below(4); i > 0; --i) list.push_back(random_document(random, depth + 1));
      return list;
    }
    default: {
      json object = json::object();
      for (std::uint64_t i = random.below(5); i > 0; --i)
        object["k" + std::to_string(random.below(100))] = random_document(random, depth + 1);
      return object;
    }
  }
}

bool same(json_value a, json_value b) {
  if (a.kind() != b.kind() || a.number() != b.number() || a.text() != b.text() || a.key() != b.key() ||
      a.size() != b.size() || a.path() != b.path())
    return false;
  if (!std::equal(a.numbers().begin(), a.numbers().end(), b.numbers().begin(), b.numbers().end())) return false;
  for (a = a.child(), b = b.child(); a && b; a = a.next(), b = b.next())
    if (!same(a, b)) return false;
  return !a && !b;
}

TEST_CASE("ubj reader: what nlohmann writes as UBJ reads as what it writes as text, sized and typed or not") {
  mlsd_test::draws random{5};
  int equal = 0, packed = 0;
  for (int i = 0; i < 2000; ++i) {
    const json document = {{"v", random_document(random, 0)}, {"padding", std::string(64, '.')}};
    const auto text = read(document.dump(), json_encoding::text).value();
    for (const auto& [sized, typed] : {std::pair(false, false), {true, false}, {true, true}}) {
      const std::vector<std::uint8_t> bytes = json::to_ubjson(document, sized, typed);
      const auto binary = read({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, json_encoding::ubj);
      if (!binary) FAIL(to_string(binary.error()));
      equal += same(text.root(), binary->root());
    }
    packed += !text.root().find("v").numbers().empty();
  }
  CHECK(equal == 6000);
  CHECK(packed > 50);
}

TEST_CASE("ubj reader: every type of number, characters, and bytes that mean nothing") {
  static constexpr char bytes[] =
      "[NNi\xffU\xffNI\xff\xfel\0\1\0\0L\0\0\0\1\0\0\0\0d\xbf\x80\0\0D\x3f\xf8\0\0\0\0\0\0CxN]N";
  const auto tape = read({bytes, sizeof bytes - 1}, json_encoding::ubj);
  if (!tape) FAIL(to_string(tape.error()));
  const auto v = tape->root().numbers();
  CHECK(std::vector<double>(v.begin(), v.end()) == std::vector<double>{-1, 255, -2, 65536, 4294967296.0, -1, 1.5});
  CHECK(tape->root().child().text() == "x");
}

TEST_CASE("ubj reader: what is no document") {
  CHECK(fault("").find("end of input") != std::string::npos);
  CHECK(fault("Q").find("no type of value") != std::string::npos);
  CHECK(fault("[$i]").find("a type without a size") != std::string::npos);
  CHECK(fault("[#i\xff").find("no whole number") != std::string::npos);
  CHECK(fault("[#d\1\1\1\1").find("no whole number") != std::string::npos);
  CHECK(fault("{d").find("no whole number") != std::string::npos);
  CHECK(fault("{U\1a").find("end of input") != std::string::npos);
  CHECK(fault("[$i#i\5abc").find("end of input") != std::string::npos);
  CHECK(fault("[$N#i\5").find("no type of value") != std::string::npos);
  CHECK(fault("[]x").find("something follows") != std::string::npos);
  CHECK(fault("[]NN") == "none");
  CHECK(fault("[$T#U\xff").find("more values than bytes") != std::string::npos);
}

TEST_CASE("ubj reader: depth is no stack of calls") {
  const std::size_t depth = 1'000'000;
  const auto tape = read(std::string(depth, '[') + std::string(depth, ']'), json_encoding::ubj, depth);
  REQUIRE(tape);
  CHECK(tape->root().child().size() == 1);
}

}  // namespace test_ubj_reader
