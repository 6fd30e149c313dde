#include "mlsd/metrics/recall_at.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "every_order.hpp"
#include "metrics/trec_queries.hpp"
#include "round_trip.hpp"

namespace test_recall_at {

using namespace mlsd;

TEST_CASE("recall_at: trec_eval's values, ties in either order") {
  mlsd_test::for_trec_queries([](const ranked_query& q, const auto& trec) {
    for (const std::uint64_t k : {1u, 3u, 5u, 10u, 100u})
      if (const auto& theirs = trec["recall_" + std::to_string(k)]; theirs.is_number())
        CHECK(recall_at{.k = k, .ties = tied::stable}(q) == Approx(theirs.real()).epsilon(1e-14));
  });
}

TEST_CASE("recall_at: averaged ties are the mean over every order of the items") {
  mlsd_test::for_tied_queries([](const std::vector<float>& s, const std::vector<float>& y) {
    const auto q = ranked_query::of(s, y);
    for (const std::uint64_t k : {0u, 1u, 2u, 4u})
      CHECK(recall_at{.k = k}(q) == Approx(mlsd_test::mean_over_every_order(recall_at{.k = k}, s, y)).epsilon(1e-12));
  });
}

TEST_CASE("recall_at: no relevant item, no item, bad settings; files give the settings back") {
  const std::vector<float> scores{2, 1}, none{0, 0};
  CHECK(std::isnan(recall_at{}(ranked_query::of(scores, none))));
  CHECK(std::isnan(recall_at{}(ranked_query{})));
  CHECK(mlsd_test::round_trips(recall_at{.k = 3, .ties = tied::stable}));
  CHECK_FALSE(recall_at{.ties = static_cast<tied>(7)}.validate().has_value());
}

}  // namespace test_recall_at
