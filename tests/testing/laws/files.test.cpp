#include "mlsd/testing/laws/files.hpp"
#include "catch.hpp"

#include <vector>

namespace test_laws_files {
using namespace mlsd;

struct values {
  std::vector<float> x{1, 2, 3};
  std::uint32_t best = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("x", self.x);
    ar("best", self.best);
  }
};
struct checked_values : values {
  [[nodiscard]] result<void> validate() const {
    return best < x.size() ? result<void>{} : result<void>(error{errc::corrupt, "best is out of range"});
  }
};
/// Changes when it is loaded.
struct normalised : values {
  [[nodiscard]] result<void> validate() {
    x[0] = 0;
    return {};
  }
};

TEST_CASE("what is saved is what is loaded, and the law says so", "[testing]") {
  CHECK(laws::survives_file(values{}));
  CHECK(laws::survives_file(checked_values{}));
  CHECK_FALSE(laws::survives_file(normalised{}));
}

TEST_CASE("damage gets past the checksums, and what validate refuses is never used", "[testing]") {
  std::size_t used = 0, out_of_range = 0;
  const auto use = [&](const values& v) {
    ++used;
    out_of_range += v.best >= v.x.size();
  };
  const auto careless = laws::survives_damage(values{}, {.mutations = 2'000}, use);
  REQUIRE(careless);
  CHECK(used + *careless == 2'000);
  CHECK(used > 0);
  CHECK(*careless > 500);
  CHECK(out_of_range > 0);  // so that a class which needs `validate` is caught without it
  out_of_range = 0;
  CHECK(laws::survives_damage(checked_values{}, {.mutations = 2'000}, use));
  CHECK(out_of_range == 0);
}

}  // namespace test_laws_files
