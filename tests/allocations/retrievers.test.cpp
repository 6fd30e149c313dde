// Retrievers allocate nothing once their scratch has been prepared.
#include "catch.hpp"
#include "mlsd/retrieval/cooccurrence.hpp"
#include "mlsd/retrieval/filter.hpp"
#include "mlsd/retrieval/fuse.hpp"
#include "mlsd/retrieval/group_popularity.hpp"
#include "mlsd/retrieval/popularity.hpp"
#include "mlsd/training/als.hpp"
#include "mlsd/training/ease.hpp"
#include "training/tastes.hpp"

#include <atomic>
#include <cstddef>

namespace test_allocations {
extern std::atomic<std::size_t> count;  // of every operator new, in online_path.test.cpp
}

namespace test_retriever_allocations {
using namespace mlsd;

struct request {
  sparse_row history{};
};

/// Allocations of searches with every buffer up to `most`, after `prepare`.
template <class R, class Query> std::size_t searching(const R& r, const Query& query, std::size_t most) {
  typename R::scratch s;
  if constexpr (requires { r.prepare(s, most); })
    r.prepare(s, most);
  else if constexpr (requires { r.prepare(s); })
    r.prepare(s);
  std::vector<hit<>> buffer(most);
  const std::size_t before = test_allocations::count;
  for (std::size_t n = 1; n <= most; ++n) static_cast<void>(r.search(query, std::span(buffer).first(n), s));
  return test_allocations::count - before;
}

TEST_CASE("prepared retrievers allocate nothing", "[allocations]") {
  const auto few = mlsd_test::tastes(40, 60, 1), many = mlsd_test::tastes(80, 60, 2);
  const sparse_row history = few.by_user()[3];
  const auto neighbours = cooccurrence{}.fit(few.by_user()).value();
  const auto vectors = als{.factors = 5, .iterations = 2}.fit(few).value();
  const auto by_users = ease{}.fit(few).value(), by_items = ease{}.fit(many).value();
  auto trending = popularity::make(days(1)).value();
  auto genre = group_popularity::make(days(1), many.by_item()).value();
  for (std::uint32_t i = 0; i < 60; ++i) trending.add(i, timestamp{i}), genre.add(i, timestamp{i});
  CHECK(searching(neighbours, history, 70) == 0);
  CHECK(searching(vectors, history, 70) == 0);
  CHECK(searching(by_users, history, 70) == 0);
  CHECK(searching(by_items, history, 70) == 0);
  CHECK(searching(trending, history, 70) == 0);
  CHECK(searching(genre, history, 70) == 0);
  const auto all = fuse(from(neighbours, &request::history), from(vectors, &request::history, {.most = 90}), trending,
                        from(genre, &request::history));
  CHECK(searching(all, request{history}, 70) == 0);
  const auto even = where(
      all, [](std::uint32_t id) { return id % 2 == 0; }, 500);
  CHECK(searching(even, request{history}, 70) == 0);
}

}  // namespace test_retriever_allocations
