// Search for the 10 nearest of 200,000 vectors of 128 components. The exact scan against a plain loop that the compiler
// vectorises for the baseline; many queries at once against one after the other. The graph against hnswlib:
// bench/peers/hnswlib.py, which asks this program for data, an index and searches.
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/retrieval/flat.hpp"
#include "mlsd/retrieval/hnsw.hpp"
#include "peer.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <string>

namespace {

constexpr std::size_t vectors = 200'000, questions = 1'000, components = 128, wanted = 10;

struct vector_data {
  std::vector<float> base, query;
  mlsd::matrix_view<const float> rows() const { return {base.data(), vectors, components}; }
  mlsd::matrix_view<const float> queries() const { return {query.data(), questions, components}; }
};

/// Embeddings: 1,000 clusters in a space of 24 dimensions, seen through a random map, with a little noise.
vector_data make_data() {
  constexpr std::size_t inner = 24, clusters = 1'000;
  mlsd::random_stream random(7);
  const auto normal = [&](float scale) { return scale * static_cast<float>(random.normal()); };
  std::vector<float> map(inner * components), centre(clusters * inner);
  for (float& x : map) x = normal(1);
  for (float& x : centre) x = normal(1);
  const auto draw = [&](std::size_t n) {
    std::vector<float> all(n * components);
    for (std::size_t i = 0; i < n; ++i) {
      const float* const c = centre.data() + random.uniform_int(clusters) * inner;
      float z[inner];
      for (std::size_t k = 0; k < inner; ++k) z[k] = c[k] + normal(0.6f);
      for (std::size_t j = 0; j < components; ++j) {
        float x = normal(0.1f);
        for (std::size_t k = 0; k < inner; ++k) x += z[k] * map[k * components + j];
        all[i * components + j] = x;
      }
    }
    return all;
  };
  vector_data made;
  made.base = draw(vectors);
  made.query = draw(questions);
  return made;
}
const vector_data& data() {
  static const vector_data made = make_data();
  return made;
}
std::vector<std::uint32_t> ids() {
  std::vector<std::uint32_t> all(vectors);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}
const mlsd::flat<>& exact() {
  static const auto made = mlsd::flat<>::build({.dimension = components}, ids(), data().rows()).value();
  return made;
}

/// The plain way: every distance, then a partial sort.
std::vector<std::uint32_t> by_hand(std::span<const float> query) {
  std::vector<std::pair<float, std::uint32_t>> all(vectors);
  for (std::uint32_t i = 0; i < vectors; ++i) {
    const float* const row = data().base.data() + i * components;
    float lane[8] = {};
    for (std::size_t j = 0; j < components; j += 8)
      for (std::size_t l = 0; l < 8; ++l) lane[l] += (query[j + l] - row[j + l]) * (query[j + l] - row[j + l]);
    all[i] = {std::accumulate(lane, lane + 8, 0.0f), i};
  }
  std::partial_sort(all.begin(), all.begin() + wanted, all.end());
  std::vector<std::uint32_t> nearest;
  for (std::size_t k = 0; k < wanted; ++k) nearest.push_back(all[k].second);
  return nearest;
}

void scan_against_plain_loop(benchmark::State& state) {
  constexpr std::size_t few = 20;
  auto scratch = exact().make_scratch();
  std::vector<mlsd::hit<>> out(wanted);
  bench::versus(
      state, few,
      [&] {
        for (std::size_t q = 0; q < few; ++q)
          benchmark::DoNotOptimize(exact().search(data().queries()[q], out, scratch));
      },
      [&] {
        for (std::size_t q = 0; q < few; ++q) benchmark::DoNotOptimize(by_hand(data().queries()[q]));
      });
}
BENCH_VERSUS(scan_against_plain_loop);

void many_queries_against_one_by_one(benchmark::State& state) {
  constexpr std::size_t some = 64;
  const mlsd::matrix_view<const float> queries(data().query.data(), some, components);
  auto scratch = exact().make_scratch();
  std::vector<mlsd::hit<>> out(some * wanted);
  std::vector<std::size_t> found(some);
  bench::versus(
      state, some, [&] { exact().search_each(queries, out, found); },
      [&] {
        for (std::size_t q = 0; q < some; ++q)
          benchmark::DoNotOptimize(exact().search(queries[q], std::span(out).first(wanted), scratch));
      });
}
BENCH_VERSUS(many_queries_against_one_by_one);

void write_data(const char* path) {
  std::vector<mlsd::hit<>> out(questions * wanted);
  std::vector<std::size_t> found(questions);
  exact().search_each(data().queries(), out, found);
  std::vector<std::uint32_t> truth;
  for (const auto& h : out) truth.push_back(h.id);
  bench::file file(path, "wb");
  file.write(std::span(data().base));
  file.write(std::span(data().query));
  file.write(std::span<const std::uint32_t>(truth));
}

/// Builds the index of the data in a file, and saves it beside: the CPU seconds of the build, and its size.
double build_index(const char* path, double& seconds) {
  bench::file in(path, "rb");
  const auto base = in.read<float>(vectors * components);
  const double start = bench::cpu_seconds();
  const auto index = mlsd::hnsw<>::build({.dimension = components}, ids(), {base.data(), vectors, components}).value();
  seconds = bench::cpu_seconds() - start;
  mlsd::save(std::string(path) + ".index", index).value();
  return static_cast<double>(index.size());
}

/// For each width a line: the width, CPU seconds a query, recall.
int search_index(const char* path) {
  bench::file in(path, "rb");
  static_cast<void>(in.read<float>(vectors * components));
  const auto query = in.read<float>(questions * components);
  const auto truth = in.read<std::uint32_t>(questions * wanted);
  const auto index = mlsd::load<mlsd::hnsw<>>(std::string(path) + ".index").value();
  auto scratch = index.make_scratch();
  std::vector<mlsd::hit<>> out(questions * wanted);
  for (const std::size_t width : {10u, 12u, 16u, 24u, 32u, 48u, 64u, 128u, 256u}) {
    scratch.search_width = width;
    const double start = bench::cpu_seconds();
    for (std::size_t q = 0; q < questions; ++q)
      index.search({query.data() + q * components, components}, std::span(out).subspan(q * wanted, wanted), scratch);
    const double seconds = bench::cpu_seconds() - start;
    std::size_t right = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const auto* const of_query = truth.data() + i / wanted * wanted;
      right += std::find(of_query, of_query + wanted, out[i].id) != of_query + wanted ? 1u : 0u;
    }
    std::printf("%zu %.9f %.5f\n", width, seconds / questions,
                static_cast<double>(right) / static_cast<double>(truth.size()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--search") == 0) return search_index(argv[2]);
  return bench::run(argc, argv, write_data, build_index);
}
