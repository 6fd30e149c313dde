#include "mlsd/rerank/pin.hpp"
#include "rerank/films.hpp"

#include "catch.hpp"

namespace test_pin {
using test_rerank::catalogue;
using ids = std::vector<std::uint32_t>;

TEST_CASE("pin: items stand where they must, the others in order around them", "[rerank]") {
  const catalogue some(6);
  CHECK(some.after(mlsd::pin<>({{4, 0}})) == ids{4, 0, 1, 2, 3, 5});
  CHECK(some.after(mlsd::pin<>({{0, 3}})) == ids{1, 2, 3, 0, 4, 5});
  CHECK(some.after(mlsd::pin<>({{5, 2}, {0, 1}})) == ids{1, 0, 5, 2, 3, 4});
  CHECK(some.after(mlsd::pin<>({{2, 99}, {3, 4}})) == ids{0, 1, 4, 5, 3, 2});
  CHECK(some.after(mlsd::pin<>({})) == ids{0, 1, 2, 3, 4, 5});
}

TEST_CASE("pin: two items for one place, an item twice, an item that is not there", "[rerank]") {
  const catalogue some(5);
  CHECK(some.after(mlsd::pin<>({{3, 1}, {4, 1}})) == ids{0, 3, 4, 1, 2});
  CHECK(some.after(mlsd::pin<>({{3, 0}, {3, 4}})) == ids{3, 0, 1, 2, 4});
  CHECK(some.after(mlsd::pin<>({{77, 0}, {2, 1}})) == ids{0, 2, 1, 3, 4});
}

}  // namespace test_pin
