#include "mlsd/retrieval/vector_store.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "catch.hpp"

namespace test_vector_store {
using namespace mlsd;
using store = vector_store<std::uint64_t>;
using ids = std::vector<std::uint64_t>;

result<void> add(store& s, std::uint64_t id, const std::vector<float>& v) {
  return s.append(std::span(&id, 1), {v.data(), 1, v.size()});
}

TEST_CASE("vector_store: rows are padded with zeros, start on a line, and are found by id") {
  store s = store::make(vector_metric::l2, 3).value();
  CHECK(s.width() == 16);
  const std::vector<float> rows{1, 2, 3, -0.0f, 5, 6};
  REQUIRE(s.append(ids{10, 20}, {rows.data(), 2, 3}));
  CHECK(s.size() == 2);
  CHECK(s.find(20) == 1);
  CHECK(s.find(30) == detail::empty_slot);
  CHECK(s.vector_of(30).empty());
  CHECK(s.vector_of(10)[2] == 3);
  CHECK_FALSE(std::signbit(s.vector_of(20)[0]));
  CHECK(reinterpret_cast<std::uintptr_t>(s.row(1)) % 64 == 0);
  for (std::size_t j = 3; j < 16; ++j) CHECK(s.row(1)[j] == 0);
}

TEST_CASE("vector_store: cosine holds unit vectors, whatever the scale; zero stays zero") {
  store s = store::make(vector_metric::cosine, 2).value();
  REQUIRE(add(s, 1, {3, 4}));
  REQUIRE(add(s, 2, {3e30f, 4e30f}));
  REQUIRE(add(s, 3, {0, 0}));
  REQUIRE(add(s, 4, {3e-40f, 4e-40f}));
  CHECK(std::abs(s.vector_of(1)[0] - 0.6f) < 1e-7f);
  CHECK(std::abs(s.vector_of(2)[1] - 0.8f) < 1e-7f);
  CHECK(s.vector_of(3)[0] == 0);
  CHECK(std::abs(s.vector_of(4)[1] - 0.8f) < 1e-4f);
}

TEST_CASE("vector_store: bad rows are errors that name the row, and nothing changes") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  for (const vector_metric metric : {vector_metric::l2, vector_metric::inner_product, vector_metric::cosine}) {
    store s = store::make(metric, 2).value();
    REQUIRE(add(s, 5, {1, 2}));
    for (const float bad : {nan, infinity, -infinity}) {
      const std::vector<float> rows{1, 1, 2, bad};
      const auto r = s.append(ids{6, 7}, {rows.data(), 2, 2});
      REQUIRE_FALSE(r);
      CHECK(r.error().message.find("row 1 (id 7)") != std::string::npos);
      CHECK(s.size() == 1);
      CHECK(s.find(6) == detail::empty_slot);
    }
    CHECK(add(s, 5, {1, 1}).error().message.find("taken") != std::string::npos);
    CHECK_FALSE(s.append(ids{8, 8}, {std::vector<float>{1, 2, 3, 4}.data(), 2, 2}));
    CHECK_FALSE(add(s, 9, {1, 2, 3}));
    CHECK_FALSE(s.append(ids{9}, {}));
    CHECK(s.size() == 1);
    REQUIRE(add(s, 6, {1, 1}));
  }
  store s = store::make(vector_metric::l2, 2).value();
  CHECK_FALSE(add(s, 1, {1e30f, 0}));
  CHECK(add(s, 1, {1e18f, 0}));
  CHECK_FALSE(store::make(vector_metric::l2, 0));
  CHECK_FALSE(store::make(vector_metric::l2, std::size_t{1} << 30));
}

TEST_CASE("vector_store: behaves as a map under insertion and removal") {
  store s = store::make(vector_metric::l2, 4).value();
  std::map<std::uint64_t, std::vector<float>> model;
  random_stream random(3);
  int wrong = 0;
  for (int step = 0; step < 3000; ++step) {
    const std::uint64_t id = random.uniform_int(200);
    if (random.bernoulli(0.4)) {
      wrong += s.remove(id) != (model.erase(id) == 1);
    } else {
      const std::vector<float> v{random.uniform_float(), random.uniform_float(), 1, 2};
      const bool added = add(s, id, v).has_value();
      wrong += added != model.emplace(id, v).second;
    }
    wrong += s.size() != model.size();
  }
  for (std::uint64_t id = 0; id < 200; ++id) {
    const auto found = s.vector_of(id);
    wrong += found.empty() == (model.count(id) == 1);
    if (!found.empty()) wrong += !std::equal(found.begin(), found.end(), model[id].begin());
  }
  CHECK(wrong == 0);
}

TEST_CASE("vector_store: files") {
  store s = store::make(vector_metric::cosine, 5).value();
  CHECK(laws::survives_file(store()));
  CHECK(laws::survives_file(s));
  random_stream random(4);
  for (std::uint64_t id = 0; id < 20; ++id)
    REQUIRE(add(s, id * 1000, {random.uniform_float(), random.uniform_float(), 1, 2, 3}));
  CHECK(laws::survives_file(s));
  const auto loaded = from_bytes<store>(to_bytes(s)).value();
  CHECK(loaded.find(7000) == 7);
  const auto refused = laws::survives_damage(s, {.mutations = 2000}, [](const store& damaged) {
    for (std::uint64_t id = 0; id < 20; ++id) static_cast<void>(damaged.vector_of(id * 1000));
  });
  REQUIRE(refused);
  CHECK(*refused > 500);
}

}  // namespace test_vector_store
