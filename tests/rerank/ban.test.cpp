#include "mlsd/rerank/ban.hpp"
#include "rerank/films.hpp"

#include "catch.hpp"

namespace test_ban {
using namespace test_rerank;
using ids = std::vector<std::uint32_t>;

TEST_CASE("ban: what is listed or meant goes, the others keep their order", "[rerank]") {
  const catalogue some(8);
  CHECK(some.after(mlsd::ban(ids{7, 0, 3, 3, 99})) == ids{1, 2, 4, 5, 6});
  CHECK(some.after(mlsd::ban(ids{})).size() == 8);
  for (const std::uint32_t id : some.after(mlsd::ban_if([](const auto& c) noexcept { return c["adult"_f]; })))
    CHECK_FALSE(some.rows[id].adult);
}

}  // namespace test_ban
