// The types that the tests of this folder archive.
#pragma once

#include <bit>
#include <limits>

#include "mlsd/archive/describe.hpp"

namespace test_archive {

enum class shade : std::uint8_t { light, dark };
enum class depth : std::int32_t { shallow = -7, deep = 70'000 };

struct nothing {};

struct point {
  float x = 0, y = 0;
  static constexpr std::string_view type_name = "point";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("x", self.x);
    ar("y", self.y);
  }
};

/// A table of offsets: a hostile file could make `at` read outside.
struct offsets {
  std::vector<std::uint32_t> starts{0};
  std::vector<float> values{};
  [[nodiscard]] mlsd::result<void> validate() const {
    if (starts.empty() || starts.front() != 0 || starts.back() != values.size())
      return mlsd::error{.code = mlsd::errc::corrupt, .message = "starts do not span the values"};
    for (std::size_t i = 1; i < starts.size(); ++i)
      if (starts[i] < starts[i - 1])
        return mlsd::error{.code = mlsd::errc::corrupt, .message = "starts[" + std::to_string(i) + "] goes back"};
    return {};
  }
  [[nodiscard]] float sum() const {
    float s = 0;
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      for (std::uint32_t k = starts[i]; k < starts[i + 1]; ++k) s += values[k];
    return s;
  }
  static constexpr std::string_view type_name = "offsets";
  static constexpr std::uint32_t version = 3;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("starts", self.starts);
    ar("values", self.values);
  }
};

struct tree {
  std::int32_t value = 0;
  std::vector<tree> children{};
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("value", self.value);
    ar("children", self.children);
  }
};

struct numbers {
  bool yes = true;
  char letter = 'a';
  std::uint8_t u8 = 255;
  std::uint16_t u16 = 65'535;
  std::uint32_t u32 = 4'294'967'295u;
  std::uint64_t u64 = (std::numeric_limits<std::uint64_t>::max)();
  std::int8_t i8 = -128;
  std::int16_t i16 = -32'768;
  std::int32_t i32 = (std::numeric_limits<std::int32_t>::min)();
  std::int64_t i64 = (std::numeric_limits<std::int64_t>::min)();
  float f32 = 0.1f;
  double f64 = -0.0;
  shade brightness = shade::dark;
  depth how_deep = depth::shallow;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("yes", self.yes);
    ar("letter", self.letter);
    ar("u8", self.u8);
    ar("u16", self.u16);
    ar("u32", self.u32);
    ar("u64", self.u64);
    ar("i8", self.i8);
    ar("i16", self.i16);
    ar("i32", self.i32);
    ar("i64", self.i64);
    ar("f32", self.f32);
    ar("f64", self.f64);
    ar("brightness", self.brightness);
    ar("how_deep", self.how_deep);
  }
};

struct containers {
  std::string text{};
  std::vector<double> doubles{};
  std::vector<std::uint8_t> bytes{};
  std::vector<bool> bits{};
  std::vector<shade> shades{};
  std::vector<std::string> words{};
  std::vector<point> points{};
  std::vector<std::vector<float>> rows{};
  std::array<std::int16_t, 3> triple{};
  std::array<double, 40> block{};
  std::array<bool, 2> pair_of_bits{};
  std::array<point, 2> segment{};
  std::array<float, 0> none{};
  std::optional<double> maybe{};
  std::optional<point> somewhere{};
  std::pair<std::uint32_t, std::string> named{};
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("text", self.text);
    ar("doubles", self.doubles);
    ar("bytes", self.bytes);
    ar("bits", self.bits);
    ar("shades", self.shades);
    ar("words", self.words);
    ar("points", self.points);
    ar("rows", self.rows);
    ar("triple", self.triple);
    ar("block", self.block);
    ar("pair_of_bits", self.pair_of_bits);
    ar("segment", self.segment);
    ar("none", self.none);
    ar("maybe", self.maybe);
    ar("somewhere", self.somewhere);
    ar("named", self.named);
  }
};

/// One of each that an archive knows.
struct everything {
  numbers scalars{};
  containers many{};
  offsets table{};
  tree root{};
  nothing empty{};
  static constexpr std::string_view type_name = "everything";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("scalars", self.scalars);
    ar("many", self.many);
    ar("table", self.table);
    ar("root", self.root);
    ar("empty", self.empty);
  }
};

[[nodiscard]] inline float quiet_nan_with(std::uint32_t payload) { return std::bit_cast<float>(0x7fc00000u | payload); }

[[nodiscard]] inline everything filled() {
  everything e;
  e.many.text = "caf\xc3\xa9 \xe2\x82\xac";
  for (int i = 0; i < 50; ++i) e.many.doubles.push_back(i * 0.1);
  e.many.doubles[3] = std::bit_cast<double>(std::uint64_t{0x7ff8'0000'0000'0042});
  e.many.doubles[4] = -std::numeric_limits<double>::infinity();
  e.many.bytes.assign(300, 7);
  for (int i = 0; i < 270; ++i) e.many.bits.push_back(i % 3 == 0);
  e.many.shades = {shade::light, shade::dark};
  e.many.words = {"", "one", "two words"};
  e.many.points = {{1, 2}, {quiet_nan_with(5), -0.0f}};
  e.many.rows = {{}, {1.5f}, std::vector<float>(80, 2.5f)};
  e.many.triple = {-1, 0, 1};
  e.many.block.fill(1.0 / 3);
  e.many.pair_of_bits = {true, false};
  e.many.segment = {point{0, 1}, point{2, 3}};
  e.many.maybe = 6.5;
  e.many.named = {9, "nine"};
  e.table.starts = {0, 1, 1, 3};
  e.table.values = {0.5f, 1.5f, 2.5f};
  e.root = {1, {{2, {}}, {3, {{4, {}}}}}};
  return e;
}

[[nodiscard]] inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace test_archive
