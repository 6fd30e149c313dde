#include "mlsd/serve/snapshot.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "catch.hpp"

namespace test_snapshot {

template <class Reader>
concept gives_view = requires(Reader&& r) { std::forward<Reader>(r).get(); };

TEST_CASE("snapshot: a view keeps its value, the next one has the new", "[serve]") {
  mlsd::snapshot<int> model(1);
  mlsd::snapshot<int>::reader here(model), there(model);
  {
    const auto old = here.get();
    model.publish(2);
    CHECK(*old == 1);
    CHECK(old.number() == 0);
    const auto fresh = there.get();
    CHECK(*fresh == 2);
    CHECK(fresh.number() == 1);
    CHECK(model.collect() == 1);
  }
  CHECK(model.collect() == 0);
  CHECK(*here.get() == 2);
}

TEST_CASE("snapshot: a view of a temporary reader does not compile", "[serve]") {
  using reader = mlsd::snapshot<int>::reader;
  static_assert(gives_view<reader&> && !gives_view<reader>);
  SUCCEED();
}

TEST_CASE("snapshot: nothing is freed too early, and nothing is kept", "[serve]") {
  const auto alive = std::make_shared<int>(0);
  {
    mlsd::snapshot<std::shared_ptr<int>> model(alive);
    mlsd::snapshot<std::shared_ptr<int>>::reader reader(model);
    for (int i = 0; i < 10; ++i) model.publish(alive);
    CHECK(alive.use_count() == 2);
    {
      const auto view = reader.get();
      for (int i = 0; i < 10; ++i) model.publish(alive);
      CHECK(alive.use_count() == 3);
    }
    model.publish(alive);
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("snapshot: readers and writers at once see whole values, in order", "[serve][threads]") {
  using table = std::array<std::uint64_t, 64>;
  mlsd::snapshot<table> model(table{});
  std::atomic<bool> stop = false;
  std::atomic<int> torn = 0, backwards = 0;
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r)
    readers.emplace_back([&] {
      std::uint64_t last = 0;
      while (!stop) {
        mlsd::snapshot<table>::reader reader(model);  // places are taken again
        for (int i = 0; i < 50; ++i) {
          const auto view = reader.get();
          for (const std::uint64_t x : *view) torn += x != (*view)[0];
          backwards += view.number() < last;
          last = view.number();
        }
      }
    });
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    table next;
    next.fill(i);
    model.publish(next);
  }
  stop = true;
  for (auto& t : readers) t.join();
  CHECK(torn == 0);
  CHECK(backwards == 0);
  CHECK(model.collect() == 0);
}

}  // namespace test_snapshot
