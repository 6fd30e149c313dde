#include "mlsd/metrics/reciprocal_rank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "every_order.hpp"
#include "metrics/trec_queries.hpp"
#include "round_trip.hpp"

namespace test_reciprocal_rank {

using namespace mlsd;

TEST_CASE("reciprocal_rank: trec_eval's values, ties in either order") {
  mlsd_test::for_trec_queries([](const ranked_query& q, const auto& trec) {
    CHECK(reciprocal_rank{.ties = tied::stable}(q) == Approx(trec["recip_rank"].real()).epsilon(1e-14));
  });
}

TEST_CASE("reciprocal_rank: averaged ties are the mean over every order of the items") {
  mlsd_test::for_tied_queries([](const std::vector<float>& s, const std::vector<float>& y) {
    const auto q = ranked_query::of(s, y);
    for (const std::uint64_t k : {0u, 1u, 2u, 4u})
      CHECK(reciprocal_rank{.k = k}(q) ==
            Approx(mlsd_test::mean_over_every_order(reciprocal_rank{.k = k}, s, y)).epsilon(1e-12));
  });
}

TEST_CASE("reciprocal_rank: no relevant item, no item, bad settings; files give the settings back") {
  const std::vector<float> scores{2, 1}, none{0, 0};
  CHECK(std::isnan(reciprocal_rank{}(ranked_query::of(scores, none))));
  CHECK(std::isnan(reciprocal_rank{}(ranked_query{})));
  CHECK(mlsd_test::round_trips(reciprocal_rank{.k = 3, .ties = tied::stable}));
  CHECK_FALSE(reciprocal_rank{.ties = static_cast<tied>(7)}.validate().has_value());
}

TEST_CASE("reciprocal_rank: a place is a query with one right item") {
  CHECK(reciprocal_rank{}.at_rank(4) == 0.25);
  CHECK(reciprocal_rank{}.at_rank(0) == 0);
  CHECK(reciprocal_rank{.k = 3}.at_rank(4) == 0);
  CHECK(reciprocal_rank{.k = 3}.at_rank(3) == Approx(1.0 / 3));
}

}  // namespace test_reciprocal_rank
