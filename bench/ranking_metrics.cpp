// NDCG and four more figures of a query, against the obvious code: an index sorted by score with std::sort, labels
// sorted again for the perfect order, a logarithm a place. Queries of 20, 100 and 1,000 items with graded labels, and
// the sort alone shared by five figures. Average precision of a million pooled rows against sorting them with
// std::sort.
#include "mlsd/core/random.hpp"
#include "mlsd/metrics/average_precision.hpp"
#include "mlsd/metrics/average_precision_at.hpp"
#include "mlsd/metrics/hit_rate.hpp"
#include "mlsd/metrics/ndcg.hpp"
#include "mlsd/metrics/recall_at.hpp"
#include "mlsd/metrics/reciprocal_rank.hpp"
#include "versus.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace {

constexpr std::size_t rows = 1'000'000;

struct ranked_log {
  std::vector<float> score = std::vector<float>(rows), grade = std::vector<float>(rows), click = grade;
  ranked_log() {
    mlsd::random_stream random(3);
    for (std::size_t i = 0; i < rows; ++i) {
      grade[i] = static_cast<float>(random.uniform_int(4) == 0 ? 1 + random.uniform_int(4) : 0);
      click[i] = grade[i] > 2 ? 1.0f : 0.0f;
      score[i] = static_cast<float>(random.normal(0.5 * static_cast<double>(grade[i]), 1));
    }
  }
};
const ranked_log& all() {
  static const ranked_log made;
  return made;
}

double obvious_ndcg(std::span<const float> score, std::span<const float> grade, std::size_t k) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  std::vector<float> ideal(grade.begin(), grade.end());
  std::sort(ideal.begin(), ideal.end(), [](float a, float b) { return a > b; });
  double dcg = 0, best = 0;
  for (std::size_t i = 0; i < std::min(k, score.size()); ++i) {
    const double discount = 1 / std::log2(static_cast<double>(i + 2));
    dcg += (std::exp2(static_cast<double>(grade[order[i]])) - 1) * discount;
    best += (std::exp2(static_cast<double>(ideal[i])) - 1) * discount;
  }
  return best > 0 ? dcg / best : 0;
}

/// The mean of `figure(scores, grades)` over queries of n items.
template <class Figure> double mean_over_queries(std::size_t n, Figure figure) {
  const std::span<const float> score(all().score), grade(all().grade);
  double sum = 0;
  for (std::size_t i = 0; i + n <= rows; i += n) sum += figure(score.subspan(i, n), grade.subspan(i, n));
  return sum / static_cast<double>(rows / n);
}

void ndcg_of_a_query(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  mlsd::ranked_query q;
  const mlsd::ndcg<mlsd::dcg_gain::exponential> figure{.k = 10};
  const auto ours = [&] {
    return mean_over_queries(n, [&](auto score, auto grade) {
      q.rank(score, grade);
      return q.relevant() == 0 ? 0 : figure(q);
    });
  };
  const auto peer = [&] {
    return mean_over_queries(n, [](auto score, auto grade) { return obvious_ndcg(score, grade, 10); });
  };
  if (std::fabs(ours() - peer()) > 1e-6) return state.SkipWithError("the values differ");
  bench::versus(
      state, rows / n, [&] { benchmark::DoNotOptimize(ours()); }, [&] { benchmark::DoNotOptimize(peer()); });
}
BENCH_VERSUS(ndcg_of_a_query)->Arg(20)->Arg(100)->Arg(1000);

/// Five figures of one sorted query, against NDCG alone.
void five_figures(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  mlsd::ranked_query q;
  const mlsd::ndcg<mlsd::dcg_gain::exponential> gain{.k = 10};
  const auto ours = [&](auto score, auto grade) {
    q.rank(score, grade);
    return gain(q) + mlsd::recall_at{.k = 10}(q) + mlsd::hit_rate{.k = 10}(q) + mlsd::reciprocal_rank{}(q) +
           mlsd::average_precision_at{}(q);
  };
  const auto peer = [&](auto score, auto grade) { return obvious_ndcg(score, grade, 10); };
  bench::versus(
      state, rows / n, [&] { benchmark::DoNotOptimize(mean_over_queries(n, ours)); },
      [&] { benchmark::DoNotOptimize(mean_over_queries(n, peer)); });
}
BENCH_VERSUS(five_figures)->Arg(100);

double obvious_average_precision(std::span<const float> score, std::span<const float> label) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  double positive = 0, before = 0, sum = 0;
  for (std::size_t i = 0; i < order.size();) {
    const float here = score[order[i]];
    for (; i < order.size() && score[order[i]] == here; ++i) positive += static_cast<double>(label[order[i]]);
    sum += (positive - before) * (positive / static_cast<double>(i));
    before = positive;
  }
  return sum / positive;
}

void average_precision(benchmark::State& state) {
  const auto ours = [] { return mlsd::average_precision(all().score, all().click); };
  const auto peer = [] { return obvious_average_precision(all().score, all().click); };
  if (std::fabs(ours() - peer()) > 1e-12) return state.SkipWithError("the values differ");
  bench::versus(
      state, rows, [&] { benchmark::DoNotOptimize(ours()); }, [&] { benchmark::DoNotOptimize(peer()); });
}
BENCH_VERSUS(average_precision);

}  // namespace

BENCHMARK_MAIN();
