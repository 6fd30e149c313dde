#include "mlsd/metrics/query_mean.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "draws.hpp"
#include "mlsd/core/concepts.hpp"
#include "mlsd/metrics/hit_rate.hpp"
#include "mlsd/metrics/ndcg.hpp"
#include "mlsd/metrics/recall_at.hpp"
#include "mlsd/metrics/reciprocal_rank.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"

namespace test_query_mean {

using namespace mlsd;
using column = std::vector<float>;

/// A figure of the user's own: does a relevant item come first?
struct best_first {
  double operator()(const ranked_query& q) const noexcept { return q.size() > 0 && q.labels()[0] > 0 ? 1 : 0; }
  friend bool operator==(const best_first&, const best_first&) = default;
};

TEST_CASE("query_mean: the mean over queries, those without a relevant item beside it") {
  query_mean found{recall_at{.k = 1}};
  CHECK(std::isnan(found.value()));
  found.update(column{2, 1}, column{1, 0});
  found.update(column{2, 1}, column{1, 1});
  found.update(column{2, 1}, column{0, 0});
  found.update(column{2, std::nanf("")}, column{1, 0});
  found.update(std::vector<double>{1, 2}, column{1, 0}, 2);
  CHECK(found.value() == Approx(1.5 / 4));
  CHECK(found.queries() == 3);
  CHECK(found.without_relevant() == 1);
  CHECK(found.skipped() == 1);
  query_mean own{best_first{}};
  own.update(column{2, 1}, column{1, 0});
  own.update(column{1, 2}, column{1, 0});
  CHECK(own.value() == 0.5);
}

TEST_CASE("query_mean: places of the right item in place of scores") {
  query_mean mrr{reciprocal_rank{}};
  query_mean hits{hit_rate{.k = 3}};
  for (const std::size_t rank : {1u, 2u, 4u, 0u}) {
    mrr.update(rank);
    hits.update(rank);
  }
  CHECK(mrr.value() == Approx((1 + 0.5 + 0.25) / 4));
  CHECK(hits.value() == 0.5);
  hits.update(1, std::nan(""));
  CHECK(hits.skipped() == 1);
}

TEST_CASE("query_mean: 95% intervals cover the mean over all queries, with weights too") {
  mlsd_test::draws random{4};
  const auto draw = [&](ranked_query& q) {
    column s(12), y(12);
    const double skill = random.uniform() * 3;
    for (std::size_t i = 0; i < s.size(); ++i) {
      y[i] = static_cast<float>(random.below(4) == 0 ? 1 + random.below(3) : 0);
      s[i] = static_cast<float>(skill * static_cast<double>(y[i]) + random.normal());
    }
    q.rank(s, y);
  };
  using figure = ndcg<dcg_gain::exponential>;
  ranked_query q;
  query_mean<figure> truth;
  for (int i = 0; i < 60'000; ++i) {
    draw(q);
    truth.update(q);
  }
  for (const bool weighted : {false, true}) {
    int covered = 0;
    constexpr int repeats = 400;
    for (int r = 0; r < repeats; ++r) {
      query_mean<figure> m;
      for (int i = 0; i < 40; ++i) {
        draw(q);
        m.update(q, weighted ? 0.5 + random.uniform() : 1);
      }
      covered += m.with_interval().ci.contains(truth.value());
    }
    CHECK(covered / double(repeats) == Approx(0.95).margin(0.03));
  }
  CHECK(std::isnan(query_mean<figure>{}.with_interval().ci.lower));
}

TEST_CASE("query_mean is a monitor and a monoid; files give it back, damaged ones do no harm") {
  using metric = query_mean<ndcg<dcg_gain::linear>>;
  static_assert(monitor<metric, ranked_query> && monitor<metric, column, column, double>);
  static_assert(monitor<query_mean<hit_rate>, std::size_t> && !monitor<metric, std::size_t>);
  static_assert(query_figure<best_first> && !query_figure<int>);
  mlsd_test::draws random{5};
  std::vector<metric> part(4, metric{{.k = 5}});
  metric whole{{.k = 5}};
  for (int i = 0; i < 300; ++i) {
    column s(9), y(9);
    for (auto& v : s) v = static_cast<float>(random.below(5));
    for (auto& v : y) v = static_cast<float>(random.below(3));
    part[static_cast<std::size_t>(i % 4)].update(s, y);
    whole.update(s, y);
  }
  CHECK(laws::merges_as_monoid(
            std::span<const metric>(part), [](const metric& m) { return m.value(); }, 2)
            .has_value());
  for (std::size_t i = 1; i < 4; ++i) part[0].merge(part[i]);
  CHECK(part[0].value() == Approx(whole.value()).epsilon(1e-15));
  CHECK(part[0].queries() == whole.queries());
  metric none;
  none.merge(whole);
  CHECK(none == whole);
  CHECK(laws::survives_file(whole).has_value());
  const auto refused = laws::survives_damage(whole, {.mutations = 1000, .truncations = 50}, [](metric& m) {
    m.update(column{1, 2, 3}, column{0, 1, 0});
    (void)m.with_interval();
  });
  REQUIRE(refused.has_value());
}

}  // namespace test_query_mean
