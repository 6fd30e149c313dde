#include "mlsd/rerank/key_counts.hpp"

#include <map>
#include <string>
#include <vector>

#include "mlsd/core/random.hpp"

#include "catch.hpp"

namespace test_key_counts {
using namespace mlsd::detail;

template <class T> std::vector<std::uint64_t> keys_of(const T& value) {
  std::vector<std::uint64_t> keys;
  for_each_key(value, [&](std::uint64_t k) { keys.push_back(k); });
  return keys;
}
enum class mood { calm, wild };

TEST_CASE("keys: a value has one, a missing value none, an array one each", "[rerank]") {
  CHECK(keys_of(7) == keys_of(std::uint8_t{7}));
  CHECK(keys_of(7) == keys_of(std::optional<long>{7}));
  CHECK(keys_of(7) == keys_of(mlsd::category{7}));
  CHECK(keys_of(mood::wild) == keys_of(1));
  CHECK(keys_of(std::string("north")) == keys_of(std::string_view("north")));
  CHECK(keys_of(mlsd::category{"north"}) == keys_of("north"));
  CHECK(keys_of(std::array{1, 2}).size() == 2);
  static_assert(most_keys<int>() == 1 && most_keys<std::array<int, 3>>() == 3);
  static_assert(most_keys<std::optional<std::array<std::array<int, 2>, 3>>>() == 6);
  CHECK(keys_of(std::string()).empty());
  CHECK(keys_of(std::optional<int>()).empty());
  CHECK(keys_of(mlsd::category{}).empty());
}

TEST_CASE("key_counts: as a map counts", "[rerank]") {
  mlsd::random_stream random(3);
  mlsd::arena scratch(key_counts::scratch_bytes(50));
  key_counts counts(50, scratch);
  std::map<std::uint64_t, std::uint32_t> expected;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t key = random.uniform_int(50) << 40;  // alike in their low bits
    counts.add(key, static_cast<std::uint32_t>(i + 1));
    counts.add(key, static_cast<std::uint32_t>(i + 1));  // the same candidate again
    CHECK(counts.of(key) == ++expected[key]);
  }
}

}  // namespace test_key_counts
