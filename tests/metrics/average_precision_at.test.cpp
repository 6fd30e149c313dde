#include "mlsd/metrics/average_precision_at.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "every_order.hpp"
#include "golden_json.hpp"
#include "round_trip.hpp"

namespace test_average_precision_at {

using namespace mlsd;

TEST_CASE("average_precision_at: trec_eval's values, ties in either order") {
  if (!mlsd_test::shared_dir()) {
    WARN("skipped: ../shared is absent");
    return;
  }
  int compared = 0;
  for (const auto& record : mlsd_test::golden("golden_ranking.jsonl")) {
    const auto &in = record["in"], &out = record["out"];
    INFO(record["id"].text);
    std::vector<double> scores = in["s"].reals();
    std::vector<float> labels = in["rel"].reals<float>();
    if (in.has("qrel")) {  // the relevant document was not retrieved
      scores = {1.0, 0.5, -(std::numeric_limits<double>::infinity)()};
      labels = {0, 0, 1};
    }
    for (const char* order : {"trec_idxasc", "trec_idxdesc", "trec"}) {
      const auto& trec = out[order];
      const auto q = ranked_query::of(scores, labels);
      std::reverse(scores.begin(), scores.end());
      std::reverse(labels.begin(), labels.end());
      if (q.relevant() == 0 || !trec.has("recip_rank")) continue;
      CHECK(average_precision_at{.ties = tied::stable}(q) == Approx(trec["map"].real()).epsilon(1e-14));
      for (const std::uint64_t k : {1u, 3u, 5u, 10u, 100u})
        if (const auto& theirs = trec["map_cut_" + std::to_string(k)]; theirs.is_number())
          CHECK(average_precision_at{.k = k, .ties = tied::stable}(q) == Approx(theirs.real()).epsilon(1e-14));
      ++compared;
    }
  }
  CHECK(compared == 17);
}

TEST_CASE("average_precision_at: averaged ties are the mean over every order of the items") {
  mlsd_test::for_tied_queries([](const std::vector<float>& s, const std::vector<float>& y) {
    const auto q = ranked_query::of(s, y);
    for (const std::uint64_t k : {0u, 1u, 2u, 4u})
      CHECK(average_precision_at{.k = k}(q) ==
            Approx(mlsd_test::mean_over_every_order(average_precision_at{.k = k}, s, y)).epsilon(1e-12));
  });
}

TEST_CASE("average_precision_at: no relevant item, no item, bad settings; files give the settings back") {
  const std::vector<float> scores{2, 1}, none{0, 0};
  CHECK(std::isnan(average_precision_at{}(ranked_query::of(scores, none))));
  CHECK(std::isnan(average_precision_at{}(ranked_query{})));
  CHECK(mlsd_test::round_trips(average_precision_at{.k = 3, .ties = tied::stable}));
  CHECK_FALSE(average_precision_at{.ties = static_cast<tied>(7)}.validate().has_value());
}

TEST_CASE("average_precision_at: a perfect page of k is 1 when divided by what is reachable") {
  const std::vector<float> scores{4, 3, 2, 1}, labels{1, 1, 1, 1};
  const auto q = ranked_query::of(scores, labels);
  CHECK(average_precision_at{.k = 2}(q) == 0.5);
  CHECK(average_precision_at{.k = 2, .divisor = precision_divisor::reachable}(q) == 1);
  CHECK(average_precision_at{.divisor = precision_divisor::reachable}(q) == 1);
  CHECK_FALSE(average_precision_at{.divisor = static_cast<precision_divisor>(9)}.validate().has_value());
}

}  // namespace test_average_precision_at
