#include "mlsd/rerank/rule.hpp"
#include "mlsd/rerank/ban.hpp"
#include "mlsd/rerank/mmr.hpp"
#include "mlsd/rerank/pin.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/rerank/take.hpp"
#include "mlsd/testing/laws/ranking.hpp"
#include "rerank/films.hpp"

#include <algorithm>
#include <string>

#include "catch.hpp"

namespace test_rule {
using namespace test_rerank;

/// A rule of a user's own: the whole contract.
struct odd_first {
  static constexpr std::string_view rule_name = "odd first";
  template <class C> std::span<C> operator()(std::span<C> candidates, mlsd::arena&) const noexcept {
    for (std::size_t i = 0, front = 0; i < candidates.size(); ++i)
      if (candidates[i].id % 2 == 1)
        std::rotate(candidates.begin() + static_cast<std::ptrdiff_t>(front++),
                    candidates.begin() + static_cast<std::ptrdiff_t>(i),
                    candidates.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    return candidates;
  }
};

TEST_CASE("every rule returns a sub-permutation", "[rerank]") {
  const auto no_adults = mlsd::ban_if([](const auto& c) noexcept { return c["adult"_f]; });
  const auto all = mlsd::dedupe{"series"_f} | mlsd::quota{"genre"_f, 3} | no_adults |
                   mlsd::mmr("embedding"_f, {.lambda = 0.5f}) | mlsd::pin<>({{3, 0}, {4, 9}}) | mlsd::take{7};
  const auto check = [](const auto& rule) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const catalogue some(24, seed);
      mlsd::arena scratch(mlsd::scratch_bytes<candidate>(rule, some.list.size()));
      const auto ok = mlsd::laws::permutes_candidates(rule, std::span<const candidate>(some.list), scratch);
      CHECK((ok ? std::string() : ok.error().message) == "");
      CHECK(scratch.used() == 0);
    }
  };
  check(all);
  check(odd_first{});
  check(mlsd::dedupe{"studio"_f, mlsd::when_over::demote});
  check(mlsd::quota{"tags"_f, 2, mlsd::when_over::demote});
  check(mlsd::ban(std::vector<std::uint32_t>{5, 1}));
  check(mlsd::mmr("embedding"_f, {.lambda = 0.3f, .picks = 5}));
}

TEST_CASE("a sequence runs its rules from left to right", "[rerank]") {
  const catalogue some(10);
  CHECK(some.after(mlsd::take{3} | odd_first{}) == std::vector<std::uint32_t>{1, 0, 2});
  CHECK(some.after(odd_first{} | mlsd::take{3}) == std::vector<std::uint32_t>{1, 3, 5});
  CHECK(some.after((odd_first{} | mlsd::take{5}) | (mlsd::take{2} | odd_first{})) == std::vector<std::uint32_t>{1, 3});
}

TEST_CASE("no candidates, and no candidate left", "[rerank]") {
  const auto everything = mlsd::ban_if([](const auto&) noexcept { return true; });
  const auto rules = everything | mlsd::dedupe{"series"_f} | mlsd::mmr{"embedding"_f} | mlsd::pin<>({{0, 0}});
  CHECK(catalogue(9).after(rules).empty());
  CHECK(catalogue(0).after(rules).empty());
  CHECK(catalogue(0).after(mlsd::mmr{"embedding"_f} | mlsd::quota{"genre"_f, 1}).empty());
}

}  // namespace test_rule
