#include "mlsd/core/best_hits.hpp"
#include "catch.hpp"
#include "mlsd/core/random.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace test_best_hits {
using namespace mlsd;

TEST_CASE("best_hits: what a full sort would put first, with many ties, whatever the order") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    random_stream draw(seed);
    std::vector<hit<>> all(draw.uniform_int(40));
    for (std::uint32_t i = 0; i < all.size(); ++i)
      all[i] = {i, static_cast<float>(draw.uniform_int(5)) - 2, draw.uniform_int(8)};
    draw.shuffle(all);
    std::vector<hit<>> buffer(draw.uniform_int(50));
    best_hits<> best(buffer);
    for (const hit<>& h : all) best.offer(h);
    const auto kept = best.ranked();
    std::sort(all.begin(), all.end(), best_first{});
    REQUIRE(kept.size() == (std::min)(all.size(), buffer.size()));
    CHECK(std::equal(kept.begin(), kept.end(), all.begin()));
    CHECK(kept.data() == buffer.data());
  }
}

TEST_CASE("best_hits: scores are finite numbers") {
  constexpr float most = (std::numeric_limits<float>::max)();
  CHECK(hit_score(0.1) == 0.1f);
  CHECK(hit_score(1e300) == most);
  CHECK(hit_score(-std::numeric_limits<double>::infinity()) == -most);
  CHECK(hit_score(std::numeric_limits<double>::quiet_NaN()) == 0);
}

}  // namespace test_best_hits
