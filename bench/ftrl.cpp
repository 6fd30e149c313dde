// FTRL-Proximal on rows of 20 hashed categories, one pass, against the algorithm of McMahan et al. (2013) written by
// hand as printed there: z and n as floats, std::exp and std::sqrt. Items are rows.
// Against scikit-learn's SGDClassifier: bench/peers/scikit_sgd.py.
#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/training/ftrl_learner.hpp"
#include "peer.hpp"

#include <cmath>

namespace {

constexpr std::size_t rows = 200'000, train = 160'000, width = 20, values = 1 << 20;
constexpr float alpha = 0.1f, beta = 1, l1 = 0.1f;

struct hashed_rows {
  std::vector<std::uint32_t> index = std::vector<std::uint32_t>(rows * width);
  std::vector<float> label = std::vector<float>(rows);

  hashed_rows() {  // each field has few common values and many rare ones; every value has an effect of its own
    mlsd::random_stream random(9);
    const mlsd::random_stream effect(10);
    for (std::size_t i = 0; i < rows; ++i) {
      double margin = -1.5;
      for (std::size_t j = 0; j < width; ++j) {
        const double u = random.uniform();
        const auto rank = static_cast<std::uint64_t>(u * u * u * u * u * u * 20'000);
        margin += 1.2 * (mlsd::random_stream::to_uniform(effect.at(rank * width + j)) - 0.5);
        index[i * width + j] = static_cast<std::uint32_t>((rank * width + j) * 0x9E3779B97F4A7C15u >> 44);
      }
      label[i] = random.bernoulli(mlsd::math::sigmoid(margin)) ? 1.0f : 0.0f;
    }
  }
  [[nodiscard]] mlsd::sparse_row row(std::size_t i) const { return {{index.data() + i * width, width}, {}}; }
};
const hashed_rows& all() {
  static const hashed_rows made;
  return made;
}

auto ours(const hashed_rows& data) {
  auto learner =
      mlsd::ftrl_learner<mlsd::logistic>::make({.alpha = alpha, .beta = beta, .l1 = l1}, mlsd::linear_layout(values))
          .value();
  for (std::size_t i = 0; i < train; ++i) {
    if (i + 8 < train) learner.prefetch(data.row(i + 8));
    learner.learn(data.row(i), data.label[i]);
  }
  return learner;
}

struct by_hand {
  std::vector<float> z = std::vector<float>(values), n = std::vector<float>(values);
  [[nodiscard]] float weight(std::size_t k) const {
    if (std::fabs(z[k]) <= l1) return 0;
    return -(z[k] - std::copysign(l1, z[k])) / ((beta + std::sqrt(n[k])) / alpha);
  }
  [[nodiscard]] float margin(const mlsd::sparse_row& row) const {
    float sum = 0;
    for (const std::uint32_t k : row.index) sum += weight(k);
    return sum;
  }
  void learn(const mlsd::sparse_row& row, float label) {
    const float g = 1 / (1 + std::exp(-margin(row))) - label;
    for (const std::uint32_t k : row.index) {
      const float sigma = (std::sqrt(n[k] + g * g) - std::sqrt(n[k])) / alpha;
      z[k] += g - sigma * weight(k);
      n[k] += g * g;
    }
  }
};
by_hand peer(const hashed_rows& data) {
  by_hand learner;
  for (std::size_t i = 0; i < train; ++i) learner.learn(data.row(i), data.label[i]);
  return learner;
}

template <class Margin> double auc_of(const hashed_rows& data, Margin margin) {
  std::vector<float> score(rows - train);
  for (std::size_t i = train; i < rows; ++i) score[i - train] = static_cast<float>(margin(data.row(i)));
  return mlsd::auc(score, std::span(data.label).subspan(train));
}

void ftrl(benchmark::State& state) {
  bench::versus(
      state, train, [] { benchmark::DoNotOptimize(ours(all())); }, [] { benchmark::DoNotOptimize(peer(all())); });
  state.counters["auc"] = auc_of(all(), [m = ours(all())](const auto& r) { return m.raw(r); });
  state.counters["peer_auc"] = auc_of(all(), [m = peer(all())](const auto& r) { return m.margin(r); });
}
BENCH_VERSUS(ftrl);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv,
      [](const char* path) {
        bench::file out(path, "wb");
        out.write(std::span(all().index));
        out.write(std::span(all().label));
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        hashed_rows data;
        data.index = in.read<std::uint32_t>(rows * width);
        data.label = in.read<float>(rows);
        const double start = bench::cpu_seconds();
        const auto learner = ours(data);
        seconds = bench::cpu_seconds() - start;
        return auc_of(data, [&](const auto& r) { return learner.raw(r); });
      });
}
