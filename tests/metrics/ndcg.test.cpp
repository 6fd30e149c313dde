#include "mlsd/metrics/ndcg.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "every_order.hpp"
#include "golden_json.hpp"
#include "round_trip.hpp"

namespace test_ndcg {

using namespace mlsd;
using linear = ndcg<dcg_gain::linear>;
using exponential = ndcg<dcg_gain::exponential>;

TEST_CASE("ndcg: scikit-learn's values for averaged ties, trec_eval's and ranx's for stable ones") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_ranking.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    if (!in.has("rel")) continue;
    const auto q = ranked_query::of(in["s"].reals(), in["rel"].reals<float>());
    for (const std::uint64_t k : {1u, 3u, 5u, 10u, 100u}) {
      INFO(record["id"].text << " at " << k);
      const std::string at = "@" + std::to_string(k);
      const auto check = [&](double ours, const std::string& theirs) {
        if (q.relevant() == 0)
          CHECK(std::isnan(ours));
        else
          CHECK(ours == Approx(out[theirs + at].real()).epsilon(1e-14));
      };
      check(linear{.k = k}(q), "ndcg_lin_tieavg");
      check(exponential{.k = k}(q), "ndcg_exp_tieavg");
      check(linear{.k = k, .ties = tied::stable}(q), "ndcg_lin_stable");
      check(exponential{.k = k, .ties = tied::stable}(q), "ndcg_exp_stable");
      CHECK(linear{.k = k}.dcg(q) == Approx(out["dcg_lin_tieavg" + at].real()).epsilon(1e-14));
      const auto& trec = out["trec_idxasc"]["ndcg_cut_" + std::to_string(k)];
      if (trec.is_number() && q.relevant() > 0)
        CHECK(linear{.k = k, .ties = tied::stable}(q) == Approx(trec.real()).epsilon(1e-14));
      ++compared;
    }
  }
  CHECK(compared == 45);
}

TEST_CASE("ndcg: all items tied give the mean over orders, never the best") {
  const std::vector<float> scores(5, 1.0f), labels{10, 0, 0, 1, 5};
  CHECK(linear{.k = 0}(ranked_query::of(scores, labels)) == Approx(0.691).margin(1e-3));
  CHECK(linear{.k = 0, .ties = tied::stable}(ranked_query::of(scores, labels)) == Approx(0.906).margin(1e-3));
}

TEST_CASE("ndcg: averaged ties are the mean over every order of the items") {
  mlsd_test::for_tied_queries([](const std::vector<float>& s, const std::vector<float>& y) {
    const auto q = ranked_query::of(s, y);
    for (const std::uint64_t k : {0u, 1u, 2u, 4u}) {
      CHECK(linear{.k = k}(q) == Approx(mlsd_test::mean_over_every_order(linear{.k = k}, s, y)).epsilon(1e-12));
      CHECK(exponential{.k = k}(q) ==
            Approx(mlsd_test::mean_over_every_order(exponential{.k = k}, s, y)).epsilon(1e-12));
    }
  });
}

TEST_CASE("ndcg: gains of fractions and of large grades, places beyond the table, empty queries") {
  const std::vector<float> scores{2, 1}, halves{0.5f, 1.5f}, huge{1500, 1};
  const double a = std::exp2(0.5) - 1, b = std::exp2(1.5) - 1, d = std::log(2.0) / std::log(3.0);
  CHECK(exponential{}(ranked_query::of(scores, halves)) == Approx((a + b * d) / (b + a * d)).epsilon(1e-14));
  CHECK(std::isnan(exponential{}(ranked_query::of(scores, huge))));
  CHECK(linear{}(ranked_query::of(scores, huge)) == 1);
  CHECK(std::isnan(linear{}(ranked_query{})));
  std::vector<float> many(200), last(200, 0.0f);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = -static_cast<float>(i);
  last[150] = 1;
  CHECK(linear{.k = 0}(ranked_query::of(many, last)) == Approx(1 / std::log2(152.0)).epsilon(1e-14));
}

TEST_CASE("ndcg: files give the settings back") {
  CHECK(mlsd_test::round_trips(linear{.k = 3, .ties = tied::stable}));
  CHECK_FALSE(exponential{.ties = static_cast<tied>(7)}.validate().has_value());
}

}  // namespace test_ndcg
