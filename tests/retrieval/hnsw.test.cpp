#include "mlsd/retrieval/hnsw.hpp"

#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/retrieval/flat.hpp"
#include "mlsd/testing/laws.hpp"
#include "shared.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace test_hnsw {
using namespace mlsd;

static_assert(retriever<hnsw<>, std::vector<float>> &&
              retriever<hnsw<std::uint64_t>, std::span<const float>, std::uint64_t>);

struct table {
  std::size_t n, d;
  std::vector<float> rows;
  std::vector<std::uint32_t> ids;
  /// Clusters around 30 centres; ids descend, so that they are not slots.
  table(std::size_t rows_, std::size_t columns, std::uint64_t seed) : n(rows_), d(columns), rows(n * d), ids(n) {
    random_stream centres(99), random(seed);
    std::vector<float> centre(30 * d);
    for (float& x : centre) x = static_cast<float>(centres.normal());
    for (std::size_t i = 0; i < n; ++i) {
      const float* c = centre.data() + random.uniform_int(30) * d;
      for (std::size_t j = 0; j < d; ++j) rows[i * d + j] = c[j] + 0.5f * static_cast<float>(random.normal());
      ids[i] = static_cast<std::uint32_t>(10 * (n - i));
    }
  }
  matrix_view<const float> view() const { return {rows.data(), n, d}; }
  std::span<const float> row(std::size_t i) const { return view()[i]; }
};

/// The share of the k nearest that the index finds.
template <class Keep = keep_all>
double recall(const hnsw<>& index, const flat<>& exact, const table& queries, std::size_t k, std::size_t width,
              const Keep& keep = {}) {
  hnsw<>::scratch s;
  flat<>::scratch f;
  s.search_width = width;
  std::vector<hit<>> a(k), b(k);
  std::size_t found = 0, all = 0;
  for (std::size_t q = 0; q < queries.n; ++q) {
    const auto ours = index.search(queries.row(q), a, s, keep), truth = exact.search(queries.row(q), b, f, keep);
    if (ours.size() != truth.size()) return -1;
    all += truth.size();
    for (const auto& h : ours) found += std::find(truth.begin(), truth.end(), h) != truth.end();
  }
  return all == 0 ? 1 : static_cast<double>(found) / static_cast<double>(all);
}

TEST_CASE("hnsw: recall on clusters, for each metric") {
  const table t(3000, 24, 1), queries(100, 24, 2);
  for (const vector_metric m : {vector_metric::l2, vector_metric::inner_product, vector_metric::cosine}) {
    const auto index = hnsw<>::build({.dimension = 24, .metric = m, .build_width = 100}, t.ids, t.view()).value();
    const auto exact = flat<>::build({.dimension = 24, .metric = m}, t.ids, t.view()).value();
    CHECK(index.size() == 3000);
    CHECK(recall(index, exact, queries, 10, 20) > 0.9);
    CHECK(recall(index, exact, queries, 10, 0) > 0.97);
    CHECK(recall(index, exact, queries, 10, 200) > 0.99);
  }
}

TEST_CASE("hnsw: laws of a retriever and of files") {
  table t(120, 5, 3);
  for (float& x : t.rows) x = static_cast<float>(static_cast<int>(x));  // ties and duplicates
  const auto index = hnsw<>::build({.dimension = 5, .links = 4, .origins = 8}, t.ids, t.view()).value();
  CHECK(laws::ranks_hits(index, t.row(0), 130));
  CHECK(laws::ranks_hits(hnsw<>(), t.row(0), 3));
  CHECK(laws::ranks_hits(hnsw<>::make({.dimension = 5}).value(), t.row(0), 3));
  CHECK(laws::survives_file(index));
  CHECK(laws::survives_file(hnsw<>()));
  auto s = index.make_scratch();
  std::vector<hit<>> out(1);
  CHECK(index.search(t.row(0), out, s)[0].origins == 8);
}

TEST_CASE("hnsw: with more asked for than there is, all comes in order, exactly as from a scan") {
  const table t(300, 8, 4), queries(5, 8, 5);
  const auto index = hnsw<>::build({.dimension = 8, .links = 2, .build_width = 3}, t.ids, t.view()).value();
  const auto exact = flat<>::build({.dimension = 8}, t.ids, t.view()).value();
  CHECK(recall(index, exact, queries, 300, 1) == 1);
  CHECK(recall(index, exact, queries, 1000, 0) == 1);
}

TEST_CASE("hnsw: a width beyond all there is is the whole index") {
  const table t(300, 6, 8);
  const auto index = hnsw<>::build({.dimension = 6}, t.ids, t.view()).value();
  const auto exact = flat<>::build({.dimension = 6}, t.ids, t.view()).value();
  CHECK(recall(index, exact, table(20, 6, 9), 10, ~std::size_t{0}) == 1);
  CHECK(recall(index, exact, table(20, 6, 9), 10, ~std::size_t{0}, [](std::uint32_t id) { return id % 3 == 0; }) == 1);
}

TEST_CASE("hnsw: duplicates are all found, lower ids first, and hide nothing") {
  table t(1000, 6, 6);
  for (std::size_t i = 0; i < 700; ++i) std::copy_n(t.rows.begin(), 6, t.rows.begin() + static_cast<long>(i * 6));
  auto index = hnsw<>::build({.dimension = 6}, t.ids, t.view()).value();
  const auto exact = flat<>::build({.dimension = 6}, t.ids, t.view()).value();
  CHECK(recall(index, exact, table(50, 6, 7), 10, 64) > 0.98);
  auto s = index.make_scratch();
  std::vector<hit<>> out(20);
  const auto hits = index.search(t.row(0), out, s);
  REQUIRE(hits.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) CHECK(hits[i] == hit<>{10 * (1000 - 699 + static_cast<std::uint32_t>(i)), 0, 1});
  index = from_bytes<hnsw<>>(to_bytes(index)).value();
  REQUIRE(index.insert(5, t.row(3), s));  // an equal vector that comes after loading
  CHECK(index.search(t.row(0), out, s)[0].id == 5);
}

TEST_CASE("hnsw: one by one finds as much as all at once; bad rows change nothing") {
  const table t(1500, 16, 8), queries(50, 16, 9);
  auto index = hnsw<>::make({.dimension = 16, .build_width = 60}).value();
  hnsw<>::scratch s;
  for (std::size_t i = 0; i < t.n; ++i) REQUIRE(index.insert(t.ids[i], t.row(i), s));
  const auto exact = flat<>::build({.dimension = 16}, t.ids, t.view()).value();
  CHECK(recall(index, exact, queries, 10, 64) > 0.97);
  const auto before = fingerprint(index);
  CHECK(index.insert(t.ids[3], t.row(7), s).error().message.find("taken") != std::string::npos);
  CHECK_FALSE(index.insert(1, std::vector<float>(16, std::numeric_limits<float>::quiet_NaN()), s));
  CHECK_FALSE(index.insert(1, std::vector<float>(15, 1.0f), s));
  CHECK(fingerprint(index) == before);
  std::vector<hit<>> out(3);
  CHECK(index.search(std::vector<float>(15, 1.0f), out, s).empty());
  CHECK(index.search(std::vector<float>(16, std::numeric_limits<float>::infinity()), out, s).empty());
}

TEST_CASE("hnsw: the index is the same on every processor and compiler") {
  constexpr std::size_t n = 1200, d = 40;
  for (const auto& [metric, expected] : {std::pair(vector_metric::l2, std::uint64_t{0xde418438b67f7d43}),
                                         std::pair(vector_metric::cosine, std::uint64_t{0x5fe94dc6b8ae5d39})}) {
    table t(n, d, 1);
    random_stream random(5);
    for (float& x : t.rows) x = random.uniform_float() * random.uniform_float();
    const auto index =
        hnsw<>::build({.dimension = d, .metric = metric, .links = 6, .build_width = 40}, t.ids, t.view()).value();
    CHECK(fingerprint(index) == expected);
  }
}

TEST_CASE("hnsw: settings outside their range are errors") {
  CHECK_FALSE(hnsw<>::make({}));
  CHECK_FALSE(hnsw<>::make({.dimension = 4, .links = 1}));
  CHECK_FALSE(hnsw<>::make({.dimension = 4, .links = 65}));
  CHECK_FALSE(hnsw<>::make({.dimension = 4, .build_width = 0}));
  CHECK_FALSE(hnsw<>::make({.dimension = 4, .search_width = 100'000}));
  CHECK_FALSE(hnsw<>::make({.dimension = 4, .origins = 0}));
  const auto smallest = hnsw<>::make({.dimension = 1, .links = 2, .build_width = 1, .search_width = 1});
  CHECK(smallest);
}

TEST_CASE("hnsw: a filter of any selectivity gives what the scan gives, nearly always, and never too few") {
  const table t(4000, 16, 10), queries(40, 16, 11);
  const auto index = hnsw<>::build({.dimension = 16, .build_width = 80, .search_width = 32}, t.ids, t.view()).value();
  const auto exact = flat<>::build({.dimension = 16}, t.ids, t.view()).value();
  for (const std::uint32_t every : {1u, 2u, 3u, 10u, 100u, 1000u, 100'000u})
    CHECK(recall(index, exact, queries, 10, 0, [&](std::uint32_t id) { return id / 10 % every == 0; }) > 0.97);
  CHECK(recall(index, exact, queries, 10, 0, [&](std::uint32_t id) { return id < 20'000; }) > 0.97);
}

TEST_CASE("hnsw: threads change no byte of the index, and searches share it", "[threads]") {
  const table t(1500, 8, 12);
  CHECK(laws::same_model_on_any_threads(
      [&](auto& ex) { return hnsw<>::build({.dimension = 8, .links = 6, .build_width = 40}, t.ids, t.view(), ex); }));
  const auto index = hnsw<>::build({.dimension = 8, .links = 6, .build_width = 40}, t.ids, t.view()).value();
  CHECK(laws::is_safe_to_share(
      [&](std::size_t i) {
        hnsw<>::scratch s;
        std::vector<hit<>> out(5);
        double sum = 0;
        for (const auto& h : index.search(t.row(i), out, s)) sum += h.id * double{h.score};
        return sum;
      },
      200));
  const table queries(70, 8, 13);
  std::vector<hit<>> alone(70 * 4), together(70 * 4);
  std::vector<std::size_t> found(70), number(70);
  threads pool(3);
  index.search_each(queries.view(), alone, found);
  index.search_each(queries.view(), together, number, pool);
  CHECK(alone == together);
  CHECK(number == found);
}

TEST_CASE("hnsw: a damaged file is an error or harmless") {
  const table t(60, 3, 14);
  const auto index = hnsw<>::build({.dimension = 3, .links = 2, .build_width = 5}, t.ids, t.view()).value();
  std::size_t served = 0;
  const auto refused = laws::survives_damage(index, {.mutations = 10'000, .truncations = 300}, [&](hnsw<>& damaged) {
    ++served;
    auto s = damaged.make_scratch();
    std::vector<hit<>> out(7);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto hits = damaged.search(t.row(i), out, s);
      if (damaged.vectors().dimension() == 3) REQUIRE(hits.size() == 7);
      for (const auto& h : hits) REQUIRE(h.score == h.score);
      static_cast<void>(damaged.search(t.row(i), out, s, [](std::uint32_t id) { return id % 20 == 0; }));
    }
    static_cast<void>(damaged.insert(1, t.row(5), s));
  });
  REQUIRE(refused);
  CHECK(*refused > 2000);
  CHECK(served > 500);
}

/// Numbers in the lines of what a command prints: the first `columns` of each line.
std::vector<float> numbers_from(const std::string& command, std::size_t columns) {
  std::vector<float> all;
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return all;
  for (char line[4096]; std::fgets(line, sizeof line, pipe) != nullptr;) {
    char* at = line;
    for (std::size_t j = 0; j < columns; ++j) all.push_back(std::strtof(at, &at));
  }
  pclose(pipe);
  return all;
}

TEST_CASE("hnsw: recall on 5,000 SIFT descriptors") {
  if (mlsd_test::shared_dir() == nullptr) {
    WARN("skipped: no reference data");
    return;
  }
  const std::string folder = std::string(mlsd_test::shared_dir()) + "/data/vec_sift_5k/";
  table t(0, 128, 1), queries(0, 128, 1);
  t.rows = numbers_from("gzip -dc '" + folder + "sift-dataset-5k.tsv.gz'", 128);
  queries.rows = numbers_from("cat '" + folder + "sift-query-3.tsv'", 128);
  t.n = t.rows.size() / 128;
  REQUIRE(t.n == 5000);
  for (std::size_t i = 0; i < t.n; ++i) t.ids.push_back(static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < t.n; i += 25)  // three queries are few: some of the rows, moved a little, are more
    for (std::size_t j = 0; j < 128; ++j) queries.rows.push_back(t.rows[i * 128 + j] + static_cast<float>((i + j) % 7));
  queries.n = queries.rows.size() / 128;
  const auto index = hnsw<>::build({.dimension = 128, .build_width = 100}, t.ids, t.view()).value();
  const auto exact = flat<>::build({.dimension = 128}, t.ids, t.view()).value();
  CHECK(recall(index, exact, queries, 10, 32) > 0.95);
  CHECK(recall(index, exact, queries, 10, 128) > 0.99);
}

}  // namespace test_hnsw
