// AUC of n scores, exact with ties, against the textbook way: std::sort of (score, label) pairs, then one pass of
// ranks. Against scikit-learn: bench/peers/scikit_auc.py.
#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/binned_auc.hpp"
#include "peer.hpp"

#include <utility>

namespace {

constexpr std::size_t most = 1'000'000;

struct data {
  std::vector<float> score = std::vector<float>(most), label = std::vector<float>(most);
  data() {
    mlsd::random_stream random(5);
    for (std::size_t i = 0; i < most; ++i) {
      label[i] = random.bernoulli(0.05) ? 1.0f : 0.0f;
      score[i] = static_cast<float>(mlsd::math::sigmoid(random.normal(static_cast<double>(label[i]) - 3)));
    }
  }
};
const data& all() {
  static const data made;
  return made;
}

double by_sorting(std::span<const float> score, std::span<const float> label) {
  std::vector<std::pair<float, float>> v(score.size());
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = {score[i], label[i]};
  std::sort(v.begin(), v.end());
  double in_order = 0, negatives = 0, positives = 0;
  for (std::size_t i = 0; i < v.size();) {
    double p = 0, n = 0;
    for (const float s = v[i].first; i < v.size() && v[i].first == s; ++i) (v[i].second > 0 ? p : n) += 1;
    in_order += p * (negatives + n / 2);
    positives += p;
    negatives += n;
  }
  return in_order / (positives * negatives);
}

template <class Ours> void against_sorting(benchmark::State& state, Ours ours) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto score = std::span(all().score).first(n), label = std::span(all().label).first(n);
  const double difference = ours(score, label) - by_sorting(score, label);
  if (difference > 1e-4 || difference < -1e-4) return state.SkipWithError("they differ");
  bench::versus(
      state, n, [&] { benchmark::DoNotOptimize(ours(score, label)); },
      [&] { benchmark::DoNotOptimize(by_sorting(score, label)); });
  state.counters["difference"] = difference;
}
void auc(benchmark::State& state) {
  against_sorting(state, [](auto score, auto label) { return mlsd::auc(score, label); });
}
void auc_binned(benchmark::State& state) {
  against_sorting(state, [](auto score, auto label) {
    mlsd::binned_auc<> metric;
    for (std::size_t i = 0; i < score.size(); ++i) metric.update(double{score[i]}, double{label[i]});
    return metric.value();
  });
}
BENCH_VERSUS(auc)->Arg(10'000)->Arg(100'000)->Arg(most);
BENCH_VERSUS(auc_binned)->Arg(most);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv,
      [](const char* path) {
        bench::file out(path, "wb");
        out.write(std::span(all().score));
        out.write(std::span(all().label));
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        const auto score = in.read<float>(most), label = in.read<float>(most);
        const double start = bench::cpu_seconds();
        const double value = mlsd::auc(std::span(score), std::span(label));
        seconds = bench::cpu_seconds() - start;
        return value;
      });
}
