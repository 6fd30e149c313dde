#include "fraud/simulator.hpp"

#include "fraud/desk.hpp"
#include "fraud/velocity.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "catch.hpp"

namespace test_fraud {

using fraud::charge;
using fraud::fraud_kind;
using fraud::fraud_simulator;

const std::vector<charge>& stream() {
  static const std::vector<charge> charges = fraud_simulator{.events = 100'000}.simulate();
  return charges;
}

std::uint64_t fingerprint(const std::vector<charge>& charges) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211u; };
  for (const charge& c : charges) {
    add(static_cast<std::uint64_t>(c.time.ms));
    add(static_cast<std::uint64_t>(c.disputed.ms));
    for (const std::uint32_t id : {c.card, c.merchant, c.place, c.category}) add(id);
    for (const float value : {c.amount, c.distance}) add(std::bit_cast<std::uint32_t>(value));
    add(static_cast<std::uint64_t>(c.kind));
  }
  return hash;
}

TEST_CASE("The same seed gives the same charges", "[examples]") {
  const auto charges = fraud_simulator{.events = 20'000}.simulate();
  CHECK(fingerprint(charges) == fingerprint(fraud_simulator{.events = 20'000}.simulate()));
  CHECK(fingerprint(charges) != fingerprint(fraud_simulator{.seed = 8, .events = 20'000}.simulate()));
  CHECK(fingerprint(charges) == 0xe5f2eeed68995d55u);
}

TEST_CASE("Charges come in the order of time, as many as asked for, and are sane", "[examples]") {
  const fraud_simulator s{.events = 100'000};
  const auto& charges = stream();
  REQUIRE(charges.size() == 100'000);
  CHECK(
      std::is_sorted(charges.begin(), charges.end(), [](const charge& a, const charge& b) { return a.time < b.time; }));
  CHECK(charges.front().time >= s.start);
  CHECK(charges.back().time < s.start + mlsd::days(60));
  CHECK(charges.back().time > s.start + mlsd::days(59));
  bool sane = true;
  for (const charge& c : charges) {
    sane = sane && c.card < s.cards() && c.merchant < s.merchants() && c.category < fraud::categories.size();
    sane = sane && c.amount >= 0.29f && std::isfinite(c.amount) && c.distance >= 0 && c.distance < 1000;
    sane = sane && (c.place != 0 || c.distance == 0);
  }
  CHECK(sane);
}

TEST_CASE("Frauds are few, of three kinds, and disputed days later or never", "[examples]") {
  std::array<std::size_t, 4> of_kind{};
  std::size_t unseen = 0;
  for (const charge& c : stream()) {
    ++of_kind[static_cast<std::size_t>(c.kind)];
    const bool is_disputed = c.disputed.ms != (std::numeric_limits<std::int64_t>::max)();
    if (!c.is_fraud()) {
      CHECK(!is_disputed);
      continue;
    }
    if (!is_disputed) {
      ++unseen;
      continue;
    }
    CHECK(c.disputed - c.time >= mlsd::days(1));
    CHECK(c.disputed - c.time <= mlsd::days(20));
  }
  const std::size_t frauds = of_kind[1] + of_kind[2] + of_kind[3];
  CHECK(frauds == 600);
  for (std::size_t k = 1; k < 4; ++k) CHECK(of_kind[k] > 40);
  CHECK((unseen > 20 && unseen < 200));
}

TEST_CASE("One merchant takes a fifth of all charges", "[examples]") {
  const auto busiest = std::count_if(stream().begin(), stream().end(), [](const charge& c) { return c.merchant == 0; });
  CHECK((busiest > 19'000 && busiest < 22'000));
}

TEST_CASE("Stolen cards change their ways at the moment named", "[examples]") {
  const fraud_simulator s{.events = 100'000};
  std::array<double, 2> round{}, stolen{};
  std::size_t honest_round = 0, honest = 0;
  for (const charge& c : stream()) {
    const bool is_round = c.amount == 50 * std::floor(c.amount / 50);
    if (c.kind == fraud_kind::none) honest_round += is_round, ++honest;
    if (c.kind != fraud_kind::stolen) continue;
    const std::size_t after = c.time >= s.change_time() + mlsd::days(1);
    round[after] += is_round;
    stolen[after] += 1;
  }
  REQUIRE((stolen[0] > 50 && stolen[1] > 50));
  CHECK(round[0] / stolen[0] < 0.2);
  CHECK(round[1] / stolen[1] > 0.8);
  CHECK(honest_round * 20 < honest);
  const auto calm = fraud_simulator{.events = 20'000, .change_at = 1}.simulate();
  double round_calm = 0, stolen_calm = 0;
  for (const charge& c : calm)
    if (c.kind == fraud_kind::stolen) stolen_calm += 1, round_calm += c.amount == 50 * std::floor(c.amount / 50);
  CHECK(round_calm < 0.2 * stolen_calm);
}

TEST_CASE("Small worlds and worlds without fraud work", "[examples]") {
  CHECK(fraud_simulator{.events = 1}.simulate().size() == 1);
  CHECK(fraud_simulator{.events = 0}.simulate().empty());
  for (const charge& c : fraud_simulator{.events = 5'000, .fraud_share = 0}.simulate()) REQUIRE(!c.is_fraud());
}

fraud::velocity fresh_velocity() { return fraud::velocity::make(5'000, 300, 100).value(); }

TEST_CASE("Features online and offline are the same bits, whatever the cut", "[examples]") {
  const auto charges = fraud_simulator{.events = 5'000}.simulate();
  auto online = fresh_velocity(), offline = fresh_velocity();
  std::vector<fraud::risk> one, all(charges.size());
  for (std::size_t i = 0; i < charges.size(); ++i) {
    if (i % 7 == 6) online.hear(charges[i - 5], charges[i].time);
    one.push_back(online.observe(charges[i]));
  }
  for (std::size_t first = 0; first < charges.size(); first += 1'300) {
    const std::size_t n = (std::min)(charges.size() - first, std::size_t{1'300});
    const auto ok =
        offline.replay(std::span(charges).subspan(first, n), std::span(all).subspan(first, n), [&](std::size_t k) {
          const std::size_t i = first + k;
          if (i % 7 == 6) offline.hear(charges[i - 5], charges[i].time);
        });
    REQUIRE(ok);
  }
  CHECK(std::memcmp(one.data(), all.data(), one.size() * sizeof(fraud::risk)) == 0);
}

TEST_CASE("Features count what they say, and nothing of the charge itself or of the future", "[examples]") {
  const auto charges = fraud_simulator{.events = 5'000}.simulate();
  auto past = fresh_velocity();
  for (std::size_t i = 0; i < charges.size(); ++i) {
    const fraud::risk r = past.observe(charges[i]);
    if (i % 97 != 0) continue;
    const charge& c = charges[i];
    std::size_t card_hour = 0, merchant_day = 0, pair_month = 0;
    double spent = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const charge& before = charges[j];
      const mlsd::duration age = c.time - before.time;
      if (age.ms == 0) continue;
      if (before.card == c.card && age <= mlsd::days(1)) spent += static_cast<double>(before.amount);
      card_hour += before.card == c.card && age <= mlsd::hours(1);
      merchant_day += before.merchant == c.merchant && age <= mlsd::days(1);
      pair_month += before.card == c.card && before.merchant == c.merchant && age <= mlsd::days(30);
    }
    CHECK(r.card[2] == static_cast<float>(card_hour));
    CHECK(static_cast<double>(r.card[8]) == Approx(spent).margin(0.01));
    CHECK(r.merchant[3] == static_cast<float>(merchant_day));
    CHECK(r.pair[2] == static_cast<float>(pair_month));
  }
}

TEST_CASE("Known frauds count for later charges of card and merchant only", "[examples]") {
  auto past = fresh_velocity();
  const mlsd::timestamp start{1'704'067'200'000};
  const charge stolen{.time = start, .card = 1, .merchant = 2, .amount = 10};
  charge next{.time = start + mlsd::hours(1), .card = 1, .merchant = 3, .amount = 10};
  static_cast<void>(past.observe(stolen));
  CHECK(past.observe(next).card_frauds == 0);
  past.hear(stolen, next.time + mlsd::hours(1));
  next.time += mlsd::hours(1);
  CHECK(past.observe(next).card_frauds == 0);  // heard at this very moment
  next.time += mlsd::hours(1);
  CHECK(past.observe(next).card_frauds == 1);
  next.card = 7;
  next.merchant = 2;
  CHECK(past.observe(next).card_frauds == 0);
  CHECK(past.observe(next).merchant_frauds == 1);
}

TEST_CASE("People look at the most urgent first, so many a day, and let old cases go", "[examples]") {
  const mlsd::timestamp opens{0};
  auto people = fraud::desk::make(4, opens).value();
  std::vector<std::size_t> seen;
  const auto look = [&](std::size_t c, mlsd::timestamp) { seen.push_back(c); };
  for (std::size_t c = 0; c < 4; ++c) people.offer(c, static_cast<double>(c), opens);
  people.offer(9, 0.5, opens);  // the queue is full: the least urgent goes
  people.work_until(opens + mlsd::days(1), look);
  CHECK(seen == std::vector<std::size_t>{3, 2, 1, 9});
  for (std::size_t c = 10; c < 14; ++c) people.offer(c, 1, opens + mlsd::days(1));
  people.work_until(opens + mlsd::days(2), look);
  CHECK(seen.size() == 8);

  seen.clear();
  auto late = fraud::desk::make(1, opens).value();
  late.offer(1, 2, opens);
  late.offer(2, 1, opens);  // no room
  late.work_until(opens + mlsd::hours(1), look);
  CHECK(seen == std::vector<std::size_t>{1});
  late.offer(3, 1, opens + mlsd::hours(1));  // the day's look is done
  late.work_until(opens + mlsd::hours(24), look);
  CHECK(seen.size() == 1);
  late.work_until(opens + mlsd::days(2), look);
  CHECK(seen == std::vector<std::size_t>{1, 3});
  late.work_until(opens + mlsd::days(2), look);
  late.offer(4, 1, opens);  // offered long ago: nobody waits so long
  late.work_until(opens + mlsd::days(5), look);
  CHECK(seen.size() == 2);
}

}  // namespace test_fraud
