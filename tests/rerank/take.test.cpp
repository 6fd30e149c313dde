#include "mlsd/rerank/take.hpp"
#include "rerank/films.hpp"

#include "catch.hpp"

namespace test_take {
using test_rerank::catalogue;

TEST_CASE("take: the first n, or all there are", "[rerank]") {
  const catalogue some(4);
  CHECK(some.after(mlsd::take{2}) == std::vector<std::uint32_t>{0, 1});
  CHECK(some.after(mlsd::take{9}).size() == 4);
  CHECK(some.after(mlsd::take{0}).empty());
}

}  // namespace test_take
