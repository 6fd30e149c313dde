// One request of a recommender: 500 candidates joined, ranked by 100 trees of 31 leaves, re-ranked to 20 (no series
// twice, a genre quota, maximal marginal relevance over vectors of 64). Retrieval is a list: its cost is measured where
// the indexes are. Prints the percentiles of the whole and the median of every stage; counts allocations.
#include "mlsd/core/random.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features.hpp"
#include "mlsd/rerank/mmr.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/rerank/take.hpp"
#include "mlsd/serve/join.hpp"
#include "mlsd/serve/rank.hpp"
#include "mlsd/serve/ranking.hpp"
#include "mlsd/training/gbdt.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace {
std::size_t allocations = 0;
}
void* operator new(std::size_t n) {
  ++allocations;
  if (void* p = std::malloc(n == 0 ? 1 : n)) return p;
  std::abort();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace {
using namespace mlsd::literals;

struct film {
  std::uint32_t genre = 0, series = 0;
  float year = 0, length = 0, rating = 0, ratings = 0, age_in_days = 0;
  std::array<float, 64> vector{};
};
inline constexpr mlsd::schema films{
    "genre"_f = &film::genre,   "series"_f = &film::series,   "year"_f = &film::year,
    "length"_f = &film::length, "rating"_f = &film::rating,   "ratings"_f = &film::ratings,
    "age"_f = &film::age_in_days, "vector"_f = &film::vector};
struct viewer {
  float seen = 0, mean = 0, days = 0;
};
inline constexpr mlsd::schema viewers{"seen"_f = &viewer::seen, "mean"_f = &viewer::mean, "days"_f = &viewer::days};
struct showing {
  std::uint32_t genre = 0, series = 0;
  float year = 0, length = 0, rating = 0, ratings = 0, age = 0, seen = 0, mean = 0, days = 0, source_score = 0;
  std::array<float, 64> vector{};
  bool watched = false;
};
inline constexpr mlsd::schema showings{
    "genre"_f = &showing::genre,     "series"_f = &showing::series,   "year"_f = &showing::year,
    "length"_f = &showing::length,   "rating"_f = &showing::rating,   "ratings"_f = &showing::ratings,
    "age"_f = &showing::age,         "seen"_f = &showing::seen,       "mean"_f = &showing::mean,
    "days"_f = &showing::days,       "source_score"_f = &showing::source_score,
    "vector"_f = &showing::vector,   "watched"_f = mlsd::label(&showing::watched)};

struct request {
  std::uint32_t user = 0, first = 0;
};
struct list_source {
  struct scratch {};
  std::span<mlsd::hit<>> search(const request& r, std::span<mlsd::hit<>> out, scratch&) const noexcept {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = {r.first + static_cast<std::uint32_t>(i), 1 / static_cast<float>(i + 1), 1};
    return out;
  }
};

template <class Film> void fill_in(Film& f, mlsd::random_stream& random) {
  f.genre = static_cast<std::uint32_t>(random.uniform_int(18));
  f.series = static_cast<std::uint32_t>(random.uniform_int(4000));
  f.year = 1950 + 70 * random.uniform_float();
  f.length = 60 + 120 * random.uniform_float();
  f.rating = 5 * random.uniform_float();
  f.ratings = 1000 * random.uniform_float();
  for (float& x : f.vector) x = random.uniform_float() - 0.5f;
}

}  // namespace

int main() {
  constexpr std::size_t catalogue = 20'000, candidates = 500, requests = 3000;
  mlsd::random_stream random(1);
  std::vector<film> shelf(catalogue);
  for (film& f : shelf) fill_in(f, random);
  mlsd::frame<showings> log;
  for (int i = 0; i < 20'000; ++i) {
    showing s;
    fill_in(s, random);
    s.seen = 100 * random.uniform_float();
    s.mean = 5 * random.uniform_float();
    s.watched = random.uniform() < static_cast<double>(s.rating) / 10 + (s.genre < 4 ? 0.3 : 0.0);
    log.push_back(s);
  }
  auto [features, x] = (mlsd::from<showings>() |
                        mlsd::on("year"_f, "length"_f, "rating"_f, "ratings"_f, "age"_f, "seen"_f, "mean"_f, "days"_f,
                                 "source_score"_f)(mlsd::impute{mlsd::impute::median} >> mlsd::log_plus_one{}) |
                        mlsd::on("genre"_f)(mlsd::ordinal{}) | mlsd::on("series"_f)(mlsd::target_encode{}))
                           .fit(log)
                           .value();
  const auto model = features | mlsd::gbdt_trainer{.trees = 100, .leaves = 31}.fit<mlsd::logistic>(x).value();

  const auto recommend =
      mlsd::retrieve(list_source{}, candidates) |
      mlsd::join<showings>(
          mlsd::fields<films>([&](const request&, const mlsd::hit<>& h) noexcept { return &shelf[h.id]; }),
          mlsd::fields<viewers>([](const request& r) noexcept {
            return std::optional<viewer>({static_cast<float>(r.user % 50), 3.5f, 7});
          }),
          mlsd::fill("source_score"_f,
                     [](const request&, const mlsd::hit<>& h, const showing&) noexcept { return h.score; })) |
      mlsd::rank(model) |
      mlsd::rerank(mlsd::dedupe{"series"_f} | mlsd::quota{"genre"_f, 3} |
                   mlsd::mmr("vector"_f, {.lambda = 0.7f, .picks = 20})) |
      mlsd::take{20};
  mlsd::workspace scratch{recommend};
  mlsd::latency whole;
  double sum = 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < requests; ++i) {
    if (i == 10) {
      scratch = mlsd::workspace(recommend);
      whole = {};
      before = allocations;
    }
    const request r{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(random.uniform_int(catalogue - candidates))};
    const std::int64_t start = mlsd::steady_clock::now();
    sum += recommend(r, scratch)[0].score;
    whole.update(static_cast<std::uint64_t>(mlsd::steady_clock::now() - start));
  }
  const std::size_t made = allocations - before;
  std::printf("%zu requests of %zu candidates: p50 %.0f us, p99 %.0f us, %zu allocations (checksum %.6g)\n", requests,
              candidates, whole.quantile(0.5) / 1000, whole.quantile(0.99) / 1000, made, sum);
  scratch.for_each_stage([](std::string_view name, const mlsd::stage_times& t) {
    std::printf("  %-10.*s p50 %7.1f us\n", static_cast<int>(name.size()), name.data(), t.times().quantile(0.5) / 1000);
  });
  return made == 0 ? 0 : 1;
}
