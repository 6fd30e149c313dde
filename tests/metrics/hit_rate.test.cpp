#include "mlsd/metrics/hit_rate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "every_order.hpp"
#include "metrics/trec_queries.hpp"
#include "round_trip.hpp"

namespace test_hit_rate {

using namespace mlsd;

TEST_CASE("hit_rate: trec_eval's values, ties in either order") {
  mlsd_test::for_trec_queries([](const ranked_query& q, const auto& trec) {
    for (const std::uint64_t k : {1u, 5u, 10u})
      if (const auto& theirs = trec["success_" + std::to_string(k)]; theirs.is_number())
        CHECK(hit_rate{.k = k, .ties = tied::stable}(q) == Approx(theirs.real()).epsilon(1e-14));
  });
}

TEST_CASE("hit_rate: averaged ties are the mean over every order of the items") {
  mlsd_test::for_tied_queries([](const std::vector<float>& s, const std::vector<float>& y) {
    const auto q = ranked_query::of(s, y);
    for (const std::uint64_t k : {0u, 1u, 2u, 4u})
      CHECK(hit_rate{.k = k}(q) == Approx(mlsd_test::mean_over_every_order(hit_rate{.k = k}, s, y)).epsilon(1e-12));
  });
}

TEST_CASE("hit_rate: no relevant item, no item, bad settings; files give the settings back") {
  const std::vector<float> scores{2, 1}, none{0, 0};
  CHECK(std::isnan(hit_rate{}(ranked_query::of(scores, none))));
  CHECK(std::isnan(hit_rate{}(ranked_query{})));
  CHECK(mlsd_test::round_trips(hit_rate{.k = 3, .ties = tied::stable}));
  CHECK_FALSE(hit_rate{.ties = static_cast<tied>(7)}.validate().has_value());
}

TEST_CASE("hit_rate: a place is a query with one right item") {
  CHECK(hit_rate{.k = 3}.at_rank(1) == 1);
  CHECK(hit_rate{.k = 3}.at_rank(3) == 1);
  CHECK(hit_rate{.k = 3}.at_rank(4) == 0);
  CHECK(hit_rate{.k = 3}.at_rank(0) == 0);
  CHECK(hit_rate{.k = 0}.at_rank(1'000'000) == 1);
}

}  // namespace test_hit_rate
