#include "mlsd/archive/reseal.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/inspect.hpp"

namespace test_reseal {
using namespace mlsd;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct random_numbers {
  std::uint64_t state;
  std::uint64_t operator()() {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((*this)() % n); }
};

std::size_t largest_request = 0;
/// Sees every vector that the loader grows.
template <class T> struct watched {
  using value_type = T;
  watched() = default;
  template <class U> watched(const watched<U>&) noexcept {}
  T* allocate(std::size_t n) {
    largest_request = (std::max)(largest_request, n * sizeof(T));
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) noexcept { std::allocator<T>().deallocate(p, n); }
  friend bool operator==(const watched&, const watched&) = default;
};
template <class T> using watched_vector = std::vector<T, watched<T>>;

struct hostile_target {
  test_archive::everything all = test_archive::filled();
  watched_vector<double> numbers = watched_vector<double>(40, 1.5);
  watched_vector<watched_vector<float>> rows = watched_vector<watched_vector<float>>(5, watched_vector<float>(3, 2.0f));
  watched_vector<test_archive::point> points = watched_vector<test_archive::point>(4);
  watched_vector<std::optional<std::uint64_t>> options = watched_vector<std::optional<std::uint64_t>>(6, 9u);
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("all", self.all);
    ar("numbers", self.numbers);
    ar("rows", self.rows);
    ar("points", self.points);
    ar("options", self.options);
  }
};

void mutate(std::vector<std::byte>& file, random_numbers& random) {
  for (std::size_t n = 1 + random.below(4); n-- > 0;) {
    const std::size_t at = random.below(file.size());
    switch (random.below(6)) {
      case 0:
        file[at] = static_cast<std::byte>(random());
        break;
      case 1:
        file[at] ^= static_cast<std::byte>(1u << random.below(8));
        break;
      case 2:
        file[at] = std::byte{0xff};
        break;
      case 3:
        if (at + 8 <= file.size()) detail::overwrite(file, at, std::uint64_t{1} << random.below(64));
        break;
      case 4:
        file.resize((std::max)(at, std::size_t{1}));
        break;
      default:
        file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), random.below(20), std::byte{0});
    }
  }
}

TEST_CASE("reseal: a sound file stays as it is") {
  const auto file = to_bytes(hostile_target{});
  auto sealed = file;
  reseal(sealed);
  CHECK(sealed == file);
  std::vector<std::byte> empty;
  reseal(empty);
  CHECK(empty.empty());
}

TEST_CASE("reseal: a damaged value gets past the checksums") {
  auto file = to_bytes(std::vector<double>{1.5, 2.5});
  file.back() = std::byte{0xc0};
  CHECK_FALSE(from_bytes<std::vector<double>>(file));
  reseal(file);
  const auto r = from_bytes<std::vector<double>>(file);
  REQUIRE(r);
  CHECK((*r)[1] == -2.5);
}

TEST_CASE("reseal: 10,000 damaged and re-sealed files never crash, and never ask for much memory") {
  const auto file = to_bytes(hostile_target{});
  random_numbers random{20'240'601};
  std::size_t read = 0, printed = 0;
  largest_request = 0;
  for (int i = 0; i < 10'000; ++i) {
    auto damaged = file;
    mutate(damaged, random);
    reseal(damaged);
    if (const auto r = from_bytes<hostile_target>(damaged)) {
      ++read;
      (void)r->all.table.sum();
      auto again = to_bytes(*r);  // only one file stands for a value
      detail::overwrite(again, detail::header::mode,
                        detail::from_little_endian<std::uint32_t>(damaged.data() + detail::header::mode));
      reseal(again);
      REQUIRE(again == damaged);
    } else {
      REQUIRE((r.error().position <= damaged.size() && !r.error().message.empty()));
    }
    if (const auto text = inspect(damaged)) {
      ++printed;
      REQUIRE(text->size() < 1'000'000);
    }
  }
  CHECK(read > 500);  // else the reader behind the checksums was not reached
  CHECK(printed > 1000);
  CHECK(largest_request <= 16 * 2 * file.size());  // optional<uint64>: 16 bytes in memory, 1 in the file
}

}  // namespace test_reseal
