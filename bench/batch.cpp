// A fitted pipeline over a table, against a loop written by hand that does the same arithmetic into a new matrix.
// `alike` is the loop as one would write it; `tuned` cuts it into tiles of a constant length, as the library does.
#include "data.hpp"
#include "mlsd/features.hpp"
#include "versus.hpp"

#include <cstdio>
#include <cstring>

namespace {

constexpr std::size_t rows = 100'000;

enum class loop { alike, tuned };

struct column_parameters {
  float fill, lower, upper, mean, inverse;
};

/// impute >> clip >> log_plus_one >> standardize.
struct with_log {
  static float apply(const column_parameters& p, float x) noexcept {
    x = x == x ? x : p.fill;
    x = x < p.lower ? p.lower : x;
    x = p.upper < x ? p.upper : x;
    return (mlsd::math::log_plus_one(x) - p.mean) * p.inverse;
  }
  static auto stage() {
    using namespace mlsd;
    return impute{impute::median} >> clip{0, 1000} >> log_plus_one{} >> standardize{};
  }
  static column_parameters parameters(const auto& k) {
    return {k.first.first.first.fill, k.first.first.second.lower, k.first.first.second.upper, k.second.mean,
            k.second.inverse};
  }
};
/// impute >> clip >> standardize.
struct plain {
  static float apply(const column_parameters& p, float x) noexcept {
    x = x == x ? x : p.fill;
    x = x < p.lower ? p.lower : x;
    x = p.upper < x ? p.upper : x;
    return (x - p.mean) * p.inverse;
  }
  static auto stage() {
    using namespace mlsd;
    return impute{impute::median} >> clip{0, 1000} >> standardize{};
  }
  static column_parameters parameters(const auto& k) {
    return {k.first.first.fill, k.first.second.lower, k.first.second.upper, k.second.mean, k.second.inverse};
  }
};

template <class Work, loop How>
MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten, gnu::used]] void by_hand(column_parameters p,
                                                                          const float* __restrict in,
                                                                          float* __restrict out, std::size_t n) {
  std::size_t i = 0;
  if constexpr (How == loop::tuned)
    for (; i + 1024 <= n; i += 1024)
      for (std::size_t j = i; j < i + 1024; ++j) out[j] = Work::apply(p, in[j]);
  for (; i < n; ++i) out[i] = Work::apply(p, in[i]);
}

template <class Work, std::size_t N, loop How> void batch(benchmark::State& state) {
  static const auto table = bench::wide_table<N>(rows);
  static const auto features = []<std::size_t... I>(std::index_sequence<I...>) {
    return (mlsd::from<bench::wide<N>>() | mlsd::on(mlsd::feature<bench::wide_name<I>()>{}...)(Work::stage()))
        .fit(table)
        .value()
        .features;
  }(std::make_index_sequence<N>{});
  std::vector<column_parameters> p;
  features.each_read([&]<std::size_t, std::size_t>(const auto& kernel) { p.push_back(Work::parameters(kernel)); });

  const auto hand = [&] {
    std::vector<float> out(rows * N);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (by_hand<Work, How>(p[I], table.template column_at<I>().data(), out.data() + I * rows, rows), ...);
    }(std::make_index_sequence<N>{});
    return out;
  };
  if (std::memcmp(hand().data(), features(table).number(0).data(), rows * N * sizeof(float)) != 0)
    return state.SkipWithError("the bits differ");
  bench::versus(
      state, rows * N, [&] { benchmark::DoNotOptimize(features(table)); }, [&] { benchmark::DoNotOptimize(hand()); });
}

}  // namespace

BENCH_VERSUS((batch<with_log, 8, loop::alike>));
BENCH_VERSUS((batch<with_log, 8, loop::tuned>));
BENCH_VERSUS((batch<with_log, 64, loop::tuned>));
BENCH_VERSUS((batch<plain, 8, loop::alike>));
BENCH_VERSUS((batch<plain, 8, loop::tuned>));
BENCH_VERSUS((batch<plain, 64, loop::alike>));
BENCH_VERSUS((batch<plain, 64, loop::tuned>));
BENCHMARK_MAIN();
