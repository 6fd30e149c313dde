#include "mlsd/metrics/ranked_query.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"

namespace test_ranked_query {

using mlsd::ranked_query;
using mlsd::tied;
using column = std::vector<float>;

column list(std::span<const float> x) { return {x.begin(), x.end()}; }

TEST_CASE("ranked_query: labels by score, ties in the order they came in, and the perfect order") {
  const column scores{0.5f, 2, -1, 2, 0.0f, -0.0f}, labels{1, 0, 4, 3, 2, 0};
  const auto q = ranked_query::of(scores, labels);
  CHECK(list(q.labels()) == column{0, 3, 1, 2, 0, 4});
  CHECK(list(q.ideal()) == column{4, 3, 2, 1, 0, 0});
  CHECK(q.relevant() == 4);
  CHECK(q.relevant_in(0, 3) == 2);
  CHECK(q.group_end(0, tied::averaged) == 2);
  CHECK(q.group_end(0, tied::stable) == 1);
  CHECK(q.group_end(2, tied::averaged) == 3);
  CHECK(q.group_end(3, tied::averaged) == 5);
  CHECK(q.places(0) == 6);
  CHECK(q.places(4) == 4);
  CHECK(q.places(1'000'000'000'000) == 6);
}

TEST_CASE("ranked_query: a stable sort of any size, numbers for labels too") {
  mlsd_test::draws random{1};
  ranked_query q;
  for (const std::size_t n : {0u, 1u, 2u, 255u, 256u, 3000u, 17u}) {
    column scores(n), labels(n);
    for (auto& s : scores) s = static_cast<float>(random.below(n / 2 + 1)) - 3;
    const bool graded = n % 2 == 0;
    for (auto& y : labels)
      y = graded ? static_cast<float>(random.below(31)) : static_cast<float>(random.uniform() * 40);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    column expected(n), ideal = labels;
    for (std::size_t i = 0; i < n; ++i) expected[i] = labels[order[i]];
    std::sort(ideal.begin(), ideal.end(), [](float a, float b) { return a > b; });
    q.rank(scores, labels);
    CHECK(q.usable());
    CHECK(list(q.labels()) == expected);
    CHECK(list(q.ideal()) == ideal);
    for (std::size_t i = 0; i < n; i = q.group_end(i, tied::averaged)) {
      const std::size_t last = q.group_end(i, tied::averaged);
      CHECK(scores[order[i]] == scores[order[last - 1]]);
      CHECK((last == n || scores[order[last]] < scores[order[i]]));
    }
  }
}

TEST_CASE("ranked_query: doubles that are one float apart are not tied") {
  const std::vector<double> scores{1.00000001, 1.00000002};
  const column labels{1, 2};
  CHECK(ranked_query::of(scores, labels).group_end(0, tied::averaged) == 1);
  const column narrow{1.00000001f, 1.00000002f};
  CHECK(ranked_query::of(narrow, labels).group_end(0, tied::averaged) == 2);
}

TEST_CASE("ranked_query: what makes a query unusable, what is not retrieved") {
  const float infinite = (std::numeric_limits<float>::infinity)(), nan = std::nanf("");
  const column fine{1, 2};
  for (const float bad : {nan, -1.0f, infinite}) {
    const auto q = ranked_query::of(fine, column{0, bad});
    CHECK_FALSE(q.usable());
    CHECK(q.size() == 0);
  }
  ranked_query q;
  q.rank(column{1, nan}, fine);
  CHECK_FALSE(q.usable());
  q.rank(column{infinite, -infinite}, fine);
  CHECK(q.usable());
  CHECK(q.size() == 2);
  CHECK(q.places(0) == 1);
  CHECK(q.relevant() == 2);
  CHECK(ranked_query::of(column{}, column{}).usable());
}

}  // namespace test_ranked_query
