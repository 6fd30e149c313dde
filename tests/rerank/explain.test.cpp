#include "mlsd/rerank/explain.hpp"
#include "mlsd/rerank/ban.hpp"
#include "mlsd/rerank/pin.hpp"
#include "mlsd/rerank/take.hpp"
#include "rerank/films.hpp"

#include "catch.hpp"

namespace test_explain {
using namespace test_rerank;
using effect = mlsd::rule_effect<std::uint32_t>;

TEST_CASE("explain: which rule removed or moved what", "[rerank]") {
  const catalogue some(5);
  const auto rules = mlsd::ban(std::vector<std::uint32_t>{1}) | mlsd::pin<>({{4, 0}}) | mlsd::take{3};
  const auto effects = mlsd::explain(rules, std::span<const candidate>(some.list));
  const std::vector<effect> expected{{"ban", 0, 1, 1, {}}, {"pin", 1, 0, 0, 1}, {"pin", 1, 2, 1, 2},
                                     {"pin", 1, 3, 2, 3},  {"pin", 1, 4, 3, 0}, {"take", 2, 3, 3, {}}};
  CHECK(effects == expected);
}

TEST_CASE("explain: a rule alone, and one that does nothing", "[rerank]") {
  const catalogue some(3);
  CHECK(mlsd::explain(mlsd::take{3}, std::span<const candidate>(some.list)).empty());
  CHECK(mlsd::explain(mlsd::take{2}, std::span<const candidate>(some.list)) ==
        std::vector<effect>{{"take", 0, 2, 2, {}}});
}

}  // namespace test_explain
