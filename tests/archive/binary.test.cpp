#include "mlsd/archive/binary.hpp"

#include <cstdlib>

#include "archive/sample.hpp"
#include "catch.hpp"
#include "mlsd/archive/reseal.hpp"

namespace test_binary {
using namespace mlsd;

template <class T> std::string why(std::span<const std::byte> bytes) {
  const auto r = from_bytes<T>(bytes);
  return r ? "" : to_string(r.error());
}
template <class T> void check_round_trip(const T& value) {
  const auto bytes = to_bytes(value);
  const auto back = from_bytes<T>(bytes);
  REQUIRE(back);
  CHECK(to_bytes(*back) == bytes);
}

struct stage {
  float mean = 0;
  static constexpr std::string_view type_name = "standardize";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("mean", self.mean); }
};
struct other_stage {
  std::uint64_t mean = 0;
  static constexpr std::string_view type_name = "standardize";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("mean", self.mean); }
};
template <class Third> struct pipeline {
  stage first{}, second{};
  Third third{};
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("age", self.first);
    ar("bid", self.second);
    ar("site", self.third);
  }
};

TEST_CASE("binary: every kind of value comes back with the same bits") {
  check_round_trip(test_archive::everything{});
  check_round_trip(test_archive::filled());
  check_round_trip(1.5);
  check_round_trip(std::string("text"));
  check_round_trip(std::vector<std::vector<std::string>>{{}, {"a", ""}});
  check_round_trip(std::optional<test_archive::tree>{});
  check_round_trip(test_archive::nothing{});
  check_round_trip(std::vector<float>(100'000, test_archive::quiet_nan_with(77)));
  check_round_trip(std::vector<test_archive::point>(10'000));
}

TEST_CASE("binary: large arrays lie on 64 bytes in the file") {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) + 0.5;
  const std::pair<std::string, std::vector<double>> v{"x", values};
  const auto bytes = to_bytes(v);
  bool found = false;
  for (std::size_t at = 0; at + 16 <= bytes.size(); at += 64)
    found = found || (detail::from_little_endian<double>(bytes.data() + at) == 0.5 &&
                      detail::from_little_endian<double>(bytes.data() + at + 8) == 1.5);
  CHECK(found);
}

TEST_CASE("binary: every truncation is an error with a byte position") {
  const auto bytes = to_bytes(test_archive::filled());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto r = from_bytes<test_archive::everything>(std::span(bytes).first(n));
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::truncated);
    CHECK(r.error().position == n);
  }
}

TEST_CASE("binary: a file of another type names the first field that differs") {
  const auto bytes = to_bytes(pipeline<other_stage>{});
  const auto r = from_bytes<pipeline<stage>>(bytes);
  REQUIRE_FALSE(r);
  CHECK(r.error().code == errc::mismatch);
  CHECK(r.error().message == "site.mean: expected f32, found u64");
  CHECK(r.error().position < bytes.size());
  CHECK(test_archive::contains(why<test_archive::everything>(bytes), "expected everything, found record"));
}

TEST_CASE("binary: foreign files and newer ones are told apart") {
  const std::string csv = "age,bid,site\n1,2,3\n";
  CHECK(why<stage>(std::as_bytes(std::span(csv.data(), csv.size()))) ==
        "byte 0: not an mlsd file: it does not start with the mark");
  auto newer = to_bytes(stage{});
  newer[8] = std::byte{9};
  CHECK(why<stage>(newer) == "byte 8: file format version 9, this program reads version 1");
}

TEST_CASE("binary: damage names the chunk") {
  auto bytes = to_bytes(pipeline<stage>{});
  bytes.back() ^= std::byte{1};
  CHECK(test_archive::contains(why<pipeline<stage>>(bytes), "site: the checksum of this chunk differs"));
}

TEST_CASE("binary: objects that break their own invariants are refused with their path") {
  std::pair<int, test_archive::offsets> v;
  v.second = {.starts = {0, 5}, .values = {1, 2, 3}};
  CHECK(test_archive::contains(why<std::pair<int, test_archive::offsets>>(to_bytes(v)),
                               "second: starts do not span the values"));
  CHECK(test_archive::contains(why<test_archive::offsets>(to_bytes(v.second)), "starts do not span the values"));
}

TEST_CASE("binary: save and load, by one name after the other") {
  const char* t = std::getenv("TMPDIR");
  const std::string path = std::string(t != nullptr ? t : "/tmp") + "/mlsd_binary_test.mlsd";
  const auto value = test_archive::filled();
  REQUIRE(save(path, value));
  const auto back = load<test_archive::everything>(path);
  REQUIRE(back);
  CHECK(to_bytes(*back) == to_bytes(value));
  const auto wrong = load<stage>(path);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "'" + path + "': expected standardize, found everything");
  CHECK_FALSE(save("/nonexistent/folder/x.mlsd", value));
  CHECK(load<stage>("/nonexistent/x.mlsd").error().code == errc::io);
  std::remove(path.c_str());
}

TEST_CASE("binary: a value deeper than a reader accepts is not saved over a good file") {
  test_archive::tree root;
  test_archive::tree* leaf = &root;
  for (int i = 0; i < 300; ++i) leaf = &leaf->children.emplace_back();
  const auto r = save("/nonexistent/never.mlsd", root);
  REQUIRE_FALSE(r);
  CHECK(r.error().code == errc::capacity);
}

TEST_CASE("binary: the golden file of format 1 stays readable and is reproduced") {
  const std::string here = __FILE__;
  const std::string path = here.substr(0, here.rfind("archive")) + "golden/everything_1.mlsd";
  const auto golden = detail::read_file(path);
  REQUIRE(golden);
  const auto value = from_bytes<test_archive::everything>(golden->bytes());
  REQUIRE(value);
  CHECK(value->many.text == "caf\xc3\xa9 \xe2\x82\xac");
  CHECK(value->scalars.u64 == 18'446'744'073'709'551'615u);
  CHECK(value->many.rows[2][79] == 2.5f);
  CHECK(value->table.sum() == 4.5f);
  auto bytes = to_bytes(test_archive::filled());
  detail::overwrite(bytes, detail::header::mode, static_cast<std::uint32_t>(fp_mode::strict));
  reseal(bytes);
  const auto expected = golden->bytes();
  CHECK(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
}

}  // namespace test_binary
