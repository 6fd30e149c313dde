#include "mlsd/retrieval/ranked_hits.hpp"

#include "mlsd/core/random.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace test_ranked_hits {
using namespace mlsd;

TEST_CASE("ranked_hits: keeps the best of any sequence, as sorting all of it would") {
  random_stream random(1);
  int wrong = 0;
  for (std::size_t run = 0; run < 300; ++run) {
    const std::size_t k = run % 13, n = run % 40;
    std::vector<hit<>> all, buffer(k);
    detail::ranked_hits<std::uint32_t> best(buffer, 4);
    for (std::size_t i = 0; i < n; ++i) {
      const auto id = static_cast<std::uint32_t>((i * 17) % 41);
      const auto score = static_cast<float>(random.uniform_int(6)) - 3;
      wrong += best.full() != (all.size() >= k);
      best.offer(id, score);
      all.push_back({id, score, 4});
      std::sort(all.begin(), all.end(), [](const hit<>& a, const hit<>& b) {
        return a.score > b.score || (a.score == b.score && a.id < b.id);
      });
      if (k > 0 && all.size() >= k) wrong += best.worst() != all[k - 1].score;
    }
    all.resize((std::min)(k, n));
    wrong += !std::equal(all.begin(), all.end(), best.found().begin(), best.found().end());
  }
  CHECK(wrong == 0);
}

TEST_CASE("ranked_hits: an empty buffer wants nothing") {
  detail::ranked_hits<std::uint32_t> best({}, 1);
  CHECK(best.worst() == std::numeric_limits<float>::infinity());
  best.offer(1, 1.0f);
  CHECK(best.found().empty());
}

}  // namespace test_ranked_hits
