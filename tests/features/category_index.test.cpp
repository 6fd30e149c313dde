#include "mlsd/features/category_index.hpp"
#include "catch.hpp"
#include "mlsd/archive/binary.hpp"

#include <string>
#include <vector>

namespace test_category_index {
using namespace mlsd;

TEST_CASE("categories are numbered in the order of their insertion", "[features]") {
  category_index index;
  CHECK(index.size() == 0);
  CHECK(index.find(category("a")) == category_index::none);
  CHECK(index.insert(category("a")) == 0);
  CHECK(index.insert(category(7)) == 1);
  CHECK(index.insert(category("7")) == 2);  // a text is not a number
  CHECK(index.insert(category{}) == 3);
  CHECK(index.insert(category("a")) == 0);
  CHECK(index.size() == 4);
  CHECK(index[0] == category("a"));
  CHECK(index[1] == category(7));
  CHECK(index[2] == category("7"));
  CHECK(index[3].is_missing());
}

TEST_CASE("a model: every one of many categories is found, and nothing else", "[features]") {
  category_index index;
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 7), 'x'));
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    REQUIRE(index.insert(category(texts[i])) == 2 * i);
    REQUIRE(index.insert(category(static_cast<std::int64_t>(i) * 1'000'003 - 5'000)) == 2 * i + 1);
  }
  const auto loaded = from_bytes<category_index>(to_bytes(index)).value();
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    CHECK(loaded.find(category(texts[i])) == 2 * i);
    CHECK(loaded[2 * i] == category(texts[i]));
    CHECK(index.find(category(texts[i] + "y")) == category_index::none);
  }
  CHECK(index.find(category{}) == category_index::none);
}

TEST_CASE("hashes of categories are the same for ever", "[features]") {
  static_assert(hash_of(category{}) == 0x6D697373696E6721u);
  static_assert(hash_of(category("a")) == hash_key("a") && hash_of(category(1)) == hash_key(std::int64_t{1}));
  CHECK(hash_of(category("")) == hash_of(category{}));
}

/// A saved index with one field replaced.
struct forged {
  std::vector<std::uint64_t> hashes;
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> numbers;
  std::vector<std::uint32_t> lengths;
  std::vector<char> chars;
  std::vector<std::uint32_t> table;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("hashes", self.hashes);
    ar("kinds", self.kinds);
    ar("numbers", self.numbers);
    ar("lengths", self.lengths);
    ar("chars", self.chars);
    ar("table", self.table);
  }
};

TEST_CASE("an index that cannot be looked up safely is refused", "[features]") {
  category_index index;
  for (const char* text : {"one", "two", "three"}) static_cast<void>(index.insert(category(text)));
  const auto good = from_bytes<forged>(to_bytes(index)).value();
  const auto refused = [](const forged& f) { return !from_bytes<category_index>(to_bytes(f)); };
  CHECK_FALSE(refused(good));
  const auto with = [&](auto change) {
    forged f = good;
    change(f);
    return refused(f);
  };
  CHECK(with([](forged& f) { f.kinds[1] = 9; }));
  CHECK(with([](forged& f) { f.numbers[1] = -1; }));
  CHECK(with([](forged& f) { f.numbers[1] = 1'000; }));
  CHECK(with([](forged& f) { f.lengths[2] = 99; }));
  CHECK(with([](forged& f) { f.lengths[2] = 0; }));
  CHECK(with([](forged& f) { f.hashes.pop_back(); }));
  CHECK(with([](forged& f) { f.hashes[0] ^= 1; }));
  CHECK(with([](forged& f) { f.table.assign(f.table.size(), 0); }));  // full: a look-up would never end
  CHECK(with([](forged& f) { f.table.resize(3); }));
  CHECK(with([](forged& f) { f.table.clear(); }));
  CHECK(with([](forged& f) {
    for (auto& k : f.table)
      if (k == 2) k = 77;
  }));
  CHECK(with([](forged& f) { f.chars[0] = 'z'; }));
}

}  // namespace test_category_index
