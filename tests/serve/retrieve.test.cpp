#include "mlsd/serve/retrieve.hpp"
#include "serve/shop.hpp"

#include "catch.hpp"

namespace test_retrieve {
using namespace test_serve;

/// A source with ids of its own type and a scratch that must be prepared.
struct by_name {
  using id_type = std::uint64_t;
  struct scratch {
    std::size_t room = 0;
  };
  void prepare(scratch& s, std::size_t n) const { s.room = n; }
  std::span<mlsd::hit<std::uint64_t>> search(const request& r, std::span<mlsd::hit<std::uint64_t>> out,
                                             scratch& s) const noexcept {
    out[0] = {(std::uint64_t{1} << 40) + r.user, static_cast<float>(s.room), 2};
    return out.first(1);
  }
};

TEST_CASE("retrieve: the source's hits, its ids and its scratch", "[serve]") {
  const auto find = mlsd::retrieve(by_name{}, 3);
  mlsd::workspace scratch{find};
  const auto page = find(request{5, 0}, scratch);
  REQUIRE(page.size() == 1);
  CHECK(page[0] == mlsd::hit<std::uint64_t>{(std::uint64_t{1} << 40) + 5, 3.0f, 2});
}

TEST_CASE("retrieve: a named source is referred to, and may learn", "[serve]") {
  first_items source{.n = 2};
  const auto find = mlsd::retrieve(source, 4);
  mlsd::workspace scratch{find};
  CHECK(find(request{}, scratch).size() == 2);
  source.n = 3;
  CHECK(find(request{}, scratch).size() == 3);
}

TEST_CASE("retrieve: no more than asked for", "[serve]") {
  const auto find = mlsd::retrieve(first_items{.n = 100}, 4);
  mlsd::workspace scratch{find};
  CHECK(find(request{}, scratch).size() == 4);
  CHECK(find.capacity() == 4);
}

}  // namespace test_retrieve
