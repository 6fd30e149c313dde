#include "ad_click/simulator.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace test_simulator {

using ad_click::ad_impression;
using ad_click::ad_simulator;

const std::vector<ad_impression>& stream() {
  static const std::vector<ad_impression> rows = ad_simulator{.rows = 100'000}.simulate();
  return rows;
}

/// FNV-1a over every field of the rows; floats by their bits.
std::uint64_t fingerprint(const std::vector<ad_impression>& rows) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](std::uint64_t value) {
    for (int i = 0; i < 8; ++i) hash = (hash ^ (value >> 8 * i & 255)) * 1099511628211u;
  };
  const auto add_text = [&](std::string_view text) {
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  };
  for (const ad_impression& r : rows) {
    add(static_cast<std::uint64_t>(r.time.ms));
    for (const std::uint32_t id : {r.user, r.ad, r.campaign, r.site, r.position}) add(id);
    for (const auto text : {r.country, r.device, r.ad_category, r.site_category}) add_text(text);
    for (const float value : {r.age, r.bid, r.price}) add(std::isnan(value) ? 0 : std::bit_cast<std::uint32_t>(value));
    add(r.clicked ? 1 : 0);
    add(std::bit_cast<std::uint64_t>(r.true_probability));
  }
  return hash;
}

/// Area under the ROC curve of the true probability.
double oracle_auc(const std::vector<ad_impression>& rows) {
  std::vector<std::pair<double, bool>> sorted;
  for (const ad_impression& r : rows) sorted.emplace_back(r.true_probability, r.clicked);
  std::sort(sorted.begin(), sorted.end());
  double negatives = 0, positives = 0, won = 0;
  for (const auto& [score, clicked] : sorted) {
    if (clicked) won += negatives;
    (clicked ? positives : negatives) += 1;
  }
  return won / (positives * negatives);
}

std::size_t drift_row(const std::vector<ad_impression>& rows, const ad_simulator& s) {
  const auto at = std::partition_point(rows.begin(), rows.end(),
                                       [&](const ad_impression& r) { return r.time.ms < s.drift_time().ms; });
  return static_cast<std::size_t>(at - rows.begin());
}

TEST_CASE("The same seed gives the same bits, on any machine", "[examples]") {
  const auto rows = ad_simulator{.rows = 5'000}.simulate();
  CHECK(fingerprint(rows) == fingerprint(ad_simulator{.rows = 5'000}.simulate()));
  CHECK(fingerprint(rows) != fingerprint(ad_simulator{.seed = 8, .rows = 5'000}.simulate()));
  CHECK(fingerprint(rows) == 0xa690b975d81d35c5u);
}

TEST_CASE("Time only moves forward and spans the days asked for", "[examples]") {
  const ad_simulator s;
  const auto& rows = stream();
  REQUIRE(rows.size() == 100'000);
  const auto backwards = std::adjacent_find(
      rows.begin(), rows.end(), [](const ad_impression& a, const ad_impression& b) { return a.time.ms >= b.time.ms; });
  CHECK(backwards == rows.end());
  const double day = 86'400'000;
  CHECK(rows.front().time.ms >= s.start.ms);
  CHECK(static_cast<double>(rows.back().time.ms - s.start.ms) <= s.days * day);
  CHECK(static_cast<double>(rows.back().time.ms - s.start.ms) > (s.days - 0.1) * day);
  // Crowded out of distinct milliseconds, they still do not stand still.
  const auto dense = ad_simulator{.rows = 5'000, .days = 0.00001}.simulate();
  for (std::size_t i = 1; i < dense.size(); ++i) REQUIRE(dense[i].time.ms > dense[i - 1].time.ms);
}

TEST_CASE("Clicks are as frequent as the truth says", "[examples]") {
  // Sum of clicks against the sum of probabilities, within four standard deviations, overall and by decile.
  std::vector<const ad_impression*> by_truth;
  for (const ad_impression& r : stream()) by_truth.push_back(&r);
  std::sort(by_truth.begin(), by_truth.end(),
            [](const auto* a, const auto* b) { return a->true_probability < b->true_probability; });
  const std::size_t n = by_truth.size();
  for (std::size_t part = 0; part <= 10; ++part) {
    const std::size_t first = part == 10 ? 0 : n * part / 10, last = part == 10 ? n : n * (part + 1) / 10;
    double expected = 0, variance = 0, clicks = 0;
    for (std::size_t i = first; i < last; ++i) {
      const double p = by_truth[i]->true_probability;
      REQUIRE((p > 0 && p < 1));
      expected += p;
      variance += p * (1 - p);
      clicks += by_truth[i]->clicked;
    }
    CHECK(std::fabs(clicks - expected) < 4 * std::sqrt(variance));
  }
}

TEST_CASE("The task is as hard as a real one", "[examples]") {
  for (const std::uint64_t seed : {7u, 8u, 9u}) {
    const auto rows = ad_simulator{.seed = seed, .rows = 50'000}.simulate();
    const auto clicks = std::count_if(rows.begin(), rows.end(), [](const ad_impression& r) { return r.clicked; });
    const double rate = static_cast<double>(clicks) / static_cast<double>(rows.size());
    CHECK((rate > 0.02 && rate < 0.04));
    const double auc = oracle_auc(rows);
    CHECK((auc > 0.75 && auc < 0.8));
  }
}

TEST_CASE("Some numbers are missing, texts never are", "[examples]") {
  double no_age = 0, no_bid = 0, no_price = 0;
  for (const ad_impression& r : stream()) {
    no_age += std::isnan(r.age);
    no_bid += std::isnan(r.bid);
    no_price += std::isnan(r.price);
    const bool sane = !r.country.empty() && !r.device.empty() && !r.ad_category.empty() && !r.site_category.empty() &&
                      !(r.age < 16) && !(r.age > 90) && !(r.bid <= 0) && !(r.price <= 0) && r.position >= 1 &&
                      r.position <= 6 && r.user < 20'000 && r.ad < 600 && r.site < 100;
    REQUIRE(sane);
  }
  const double n = static_cast<double>(stream().size());
  CHECK((no_age / n > 0.06 && no_age / n < 0.2));
  CHECK((no_bid / n > 0.045 && no_bid / n < 0.055));
  CHECK((no_price / n > 0.02 && no_price / n < 0.2));
}

TEST_CASE("The world drifts when it is said to, and not before", "[examples]") {
  const ad_simulator s{.rows = 100'000};
  const auto& rows = stream();
  const std::size_t at = drift_row(rows, s);
  REQUIRE((at > 60'000 && at < 90'000));

  const auto old_ads_only = std::all_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                                        [&](const ad_impression& r) { return r.ad < s.first_new_ad(); });
  CHECK(old_ads_only);
  double fresh = 0, price[2]{}, priced[2]{}, clicks[2]{}, shown[2]{};
  std::vector<std::size_t> visits(s.sites);
  for (const ad_impression& r : rows) ++visits[r.site];
  const auto busiest = static_cast<std::uint32_t>(std::max_element(visits.begin(), visits.end()) - visits.begin());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ad_impression& r = rows[i];
    const std::size_t after = i >= at;
    if (after == 1) fresh += r.ad >= s.first_new_ad();
    if (!std::isnan(r.price)) price[after] += std::log(static_cast<double>(r.price)), priced[after] += 1;
    if (r.site == busiest) clicks[after] += r.true_probability, shown[after] += 1;
  }
  CHECK(fresh / static_cast<double>(rows.size() - at) > 0.2);
  CHECK(price[1] / priced[1] - price[0] / priced[0] > 0.4);
  CHECK(clicks[1] / shown[1] < 0.6 * clicks[0] / shown[0]);

  const ad_simulator calm{.rows = 20'000, .drift_at = 1};
  const auto still = calm.simulate();
  CHECK(std::all_of(still.begin(), still.end(), [&](const ad_impression& r) { return r.ad < calm.first_new_ad(); }));
}

TEST_CASE("People tire of an ad, and look at the top of the page", "[examples]") {
  std::vector<double> by_position(7), shown(7);
  double first = 0, first_shown = 0, tired = 0, tired_shown = 0;
  std::vector<std::uint32_t> seen(20'000 * 600);
  for (const ad_impression& r : stream()) {
    by_position[r.position] += r.true_probability, shown[r.position] += 1;
    const std::uint32_t before = seen[r.user * 600 + r.ad]++;
    if (before == 0) first += r.true_probability, first_shown += 1;
    if (before >= 3) tired += r.true_probability, tired_shown += 1;
  }
  for (std::size_t p = 2; p <= 6; ++p) CHECK(by_position[p] / shown[p] < by_position[p - 1] / shown[p - 1]);
  REQUIRE(tired_shown > 1000);
  CHECK(tired / tired_shown < 0.8 * first / first_shown);
}

TEST_CASE("Small worlds work", "[examples]") {
  CHECK(ad_simulator{.rows = 0}.simulate().empty());
  CHECK(ad_simulator{.rows = 1}.simulate().size() == 1);
  const auto tiny = ad_simulator{.rows = 500, .users = 1, .ads = 1, .sites = 1, .days = 0.5, .drift_at = 0}.simulate();
  CHECK(tiny.size() == 500);
  for (const ad_impression& r : tiny) CHECK((r.user == 0 && r.ad == 0 && r.site == 0));
}

}  // namespace test_simulator
