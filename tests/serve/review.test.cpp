#include "mlsd/serve/review.hpp"
#include "mlsd/core/random.hpp"

#include <limits>
#include <string>

#include "catch.hpp"

namespace test_review {
using mlsd::review_outcome;

TEST_CASE("review: the most urgent first, the older of two alike", "[serve]") {
  auto queue = mlsd::review_queue<std::string>::make(10).value();
  for (const auto& [name, priority] : {std::pair{"a", 0.5}, {"b", 0.9}, {"c", 0.5}, {"d", 0.7}})
    CHECK(queue.offer(name, priority) == review_outcome::queued);
  CHECK(queue.offer("broken", std::numeric_limits<double>::quiet_NaN()) == review_outcome::queued);
  std::string order;
  while (const auto a = queue.next()) order += a->subject + " ";
  CHECK(order == "broken b d a c ");
  CHECK(queue.open() == 5);
}

TEST_CASE("review: verdicts come back once, as labels", "[serve]") {
  auto queue = mlsd::review_queue<std::string>::make(4).value();
  queue.offer("x", 1);
  queue.offer("y", 2);
  const auto first = queue.next();
  std::string learnt;
  const auto learn = [&](const std::string& subject, bool label) { learnt += subject + (label ? "!" : "?"); };
  CHECK(queue.answer(first->ticket, true, learn));
  CHECK_FALSE(queue.answer(first->ticket, true, learn));
  CHECK(learnt == "y!");
  const auto second = queue.next();
  CHECK(queue.give_back(second->ticket));
  CHECK_FALSE(queue.give_back(second->ticket));
  CHECK(queue.next()->subject == "x");
}

TEST_CASE("review: full of cases, and full of open ones", "[serve]") {
  auto queue = mlsd::review_queue<int>::make(3, 1).value();
  for (int i = 0; i < 3; ++i) queue.offer(i, i);
  CHECK(queue.offer(9, 0) == review_outcome::refused);
  CHECK(queue.offer(9, 0.5) == review_outcome::queued_instead);
  CHECK(queue.lost() == 2);
  CHECK(queue.waiting() == 3);
  const auto taken = queue.next();
  CHECK(taken->subject == 2);
  CHECK_FALSE(queue.next());
  CHECK(queue.answer(taken->ticket, 1, [](int, int) {}));
  CHECK(queue.next()->subject == 1);
  CHECK_FALSE(mlsd::review_queue<int>::make(0));
}

TEST_CASE("review: as a sorted list would do it", "[serve]") {
  mlsd::random_stream random(8);
  auto queue = mlsd::review_queue<int>::make(8, 1000).value();
  std::vector<std::pair<double, int>> expected;  // urgency, case; cases count up
  for (int i = 0; i < 3000; ++i) {
    if (random.uniform_int(5) < 3) {
      const double priority = static_cast<double>(random.uniform_int(6));
      const auto outcome = queue.offer(i, priority);
      if (expected.size() == 8) {
        const auto less = [](auto& a, auto& b) {
          return a.first < b.first || (a.first == b.first && a.second > b.second);
        };
        const auto least = std::min_element(expected.begin(), expected.end(), less);
        CHECK(outcome == (least->first < priority ? review_outcome::queued_instead : review_outcome::refused));
        if (!(least->first < priority)) continue;
        expected.erase(least);
      }
      expected.emplace_back(priority, i);
    } else if (const auto got = queue.next()) {
      const auto less = [](auto& a, auto& b) {
        return a.first < b.first || (a.first == b.first && a.second > b.second);
      };
      const auto best = std::max_element(expected.begin(), expected.end(), less);
      CHECK(got->subject == best->second);
      expected.erase(best);
      CHECK(queue.answer(got->ticket, 0, [](int, int) {}));
    }
    CHECK(queue.waiting() == expected.size());
  }
}

}  // namespace test_review
