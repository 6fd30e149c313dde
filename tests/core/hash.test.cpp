#include "mlsd/core/hash.hpp"

#include "catch.hpp"

#include <array>
#include <set>
#include <string>
#include <vector>

namespace test_hash {

using namespace mlsd;

struct golden {
  std::string_view text;
  std::uint64_t seed, hash;
};
// From the reference implementation, xxHash 0.8 through python-xxhash 4.1.
constexpr golden goldens[] = {
    {"", 0, 0xef46db3751d8e999},
    {"", 1, 0xd5afba1336a3be4b},
    {"a", 0, 0xd24ec4f1a98c6e5b},
    {"abc", 0, 0x44bc2cf5ad770999},
    {"message digest", 0, 0x066ed728fceeb3be},
    {"abcdefghijklmnopqrstuvwxyz", 0, 0xcfe1f278fa89835c},
    {"0123456789abcdef0123456789abcde", 7, 0x9bfbacf6829bf320},
    {"0123456789abcdef0123456789abcdef", 7, 0xf3bfb9ba5c7df996},
    {"The quick brown fox jumps over the lazy dog", 0xffffffffffffffff, 0x9f3d039cd26eeafc},
};
static_assert(xxh64("abc") == 0x44bc2cf5ad770999);
static_assert(xxh64("0123456789abcdef0123456789abcdef", 7) == 0xf3bfb9ba5c7df996);

TEST_CASE("hash: XXH64 gives the reference's bits") {
  for (const golden& g : goldens) {
    CHECK(xxh64(g.text, g.seed) == g.hash);
    CHECK(xxh64(std::as_bytes(std::span(g.text)), g.seed) == g.hash);
  }
}

TEST_CASE("hash: XXH64 of all lengths to 259, at every alignment, chained through the seed") {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<char> bytes(shift + 260);
    for (std::size_t i = 0; i < 260; ++i) bytes[shift + i] = static_cast<char>(static_cast<unsigned char>(i * 37 + 11));
    std::uint64_t h = 0;
    for (std::size_t n = 0; n < 260; ++n) h = xxh64(std::string_view(bytes.data() + shift, n), h);
    REQUIRE(h == 0x54d6cf97b6fd1db2);
  }
}

constexpr std::string_view stripes = "every length up to and beyond the thirty-two bytes of a stripe, and then some";

TEST_CASE("hash: compile time and run time agree") {
  constexpr auto fixed = [] {
    std::array<std::uint64_t, 70> h{};
    for (std::size_t n = 0; n < h.size(); ++n) h[n] = xxh64(stripes.substr(0, n), n);
    return h;
  }();
  for (std::size_t n = 0; n < fixed.size(); ++n) REQUIRE(fixed[n] == xxh64(std::string(stripes.substr(0, n)), n));
}

static_assert(hash_mix(0) == 0xe220a8397b1dcdaf);  // the first output of the published SplitMix64 from seed 0

TEST_CASE("hash: mixing flips every output bit for about half of the inputs") {
  std::vector<int> flips(64 * 64);
  constexpr int trials = 2000;
  for (std::uint64_t t = 0; t < trials; ++t)
    for (std::size_t in = 0; in < 64; ++in) {
      const std::uint64_t d = hash_mix(t * 0x1234567) ^ hash_mix((t * 0x1234567) ^ (std::uint64_t{1} << in));
      for (std::size_t out = 0; out < 64; ++out) flips[in * 64 + out] += static_cast<int>((d >> out) & 1);
    }
  // 4,096 binomial counts with mean 1,000 and deviation 22: six deviations hold all of them.
  for (const int n : flips) REQUIRE((n > 1000 - 134 && n < 1000 + 134));
}

TEST_CASE("hash: combine depends on order, and on both arguments one to one") {
  CHECK(combine(1, 2) != combine(2, 1));
  CHECK(combine(0, 0) != 0);
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 200; ++a)
    for (std::uint64_t b = 0; b < 200; ++b) seen.insert(combine(a, b));
  CHECK(seen.size() == 40'000);
}

TEST_CASE("hash: keys hash by value, whatever the integer type, and hardly change from release to release") {
  CHECK(hash_key(5) == hash_key(std::uint64_t{5}));
  CHECK(hash_key(std::int8_t{-1}) == hash_key(std::int64_t{-1}));
  CHECK(hash_key("5") != hash_key(5));
  CHECK(hash_key("user") == xxh64("user"));
  CHECK(hash_key(5, 1) != hash_key(5, 2));
  STATIC_REQUIRE(hash_key(42) == 0xfe554343b462a664);  // fixed for ever: models store what hangs on it
}

TEST_CASE("hash: consecutive numbers spread evenly over buckets") {
  constexpr std::size_t buckets = 128, n = 128 * 400;
  std::vector<double> count(buckets);
  for (std::uint32_t i = 0; i < n; ++i) count[hash_key(i) % buckets] += 1;
  double chi_squared = 0;
  for (const double c : count) chi_squared += (c - 400) * (c - 400) / 400;
  CHECK(chi_squared < 127 + 5 * 16);  // mean 127, deviation sqrt(2 * 127)
}

}  // namespace test_hash
