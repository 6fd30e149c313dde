// One request through the ad example's pipeline: 26 features | 100 trees of 31 leaves | isotonic, from a user's struct.
// Each call is timed by itself; percentiles are over all calls. The clock's own cost is measured and stays in.
// online [rows]: also checks that row and batch are the same bits. MLSD_ISA=portable|avx2|avx512 bounds the kernels.
#include "ad_click/impressions.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/gbdt.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

struct percentiles {
  double p50, p99;
};

/// Of `passes` calls of each; the first pass only warms up.
template <class Call> percentiles time_calls(std::size_t records, Call call) {
  using clock = std::chrono::steady_clock;
  constexpr std::size_t passes = 10;
  std::vector<double> ns;
  ns.reserve(passes * records);
  for (std::size_t pass = 0; pass <= passes; ++pass)
    for (std::size_t i = 0; i < records; ++i) {
      const auto start = clock::now();
      call(i);
      const double spent = std::chrono::duration<double, std::nano>(clock::now() - start).count();
      if (pass != 0) ns.push_back(spent);
    }
  std::sort(ns.begin(), ns.end());
  return {ns[ns.size() / 2], ns[ns.size() * 99 / 100]};
}

void print(const char* part, percentiles p) { std::printf("%-28s p50 %6.0f ns   p99 %6.0f ns\n", part, p.p50, p.p99); }

}  // namespace

int main(int argc, char** argv) {
  using simulated::dataset;
  const std::size_t rows = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 200'000;
  dataset::table log = dataset::read(ad_click::ad_simulator{.rows = rows}.simulate()).value();
  dataset::prepare(log).value();
  const auto [train, calibration, test] = dataset::split(log).value();
  auto [features, x] = dataset::tree_features(1).fit(train).value();
  auto trees = mlsd::gbdt_trainer{.trees = 100, .leaves = 31, .learning_rate = 0.05f}.fit<mlsd::logistic>(x).value();
  auto model = mlsd::calibrate<mlsd::isotonic>(std::move(trees), features.labelled(calibration)).value();
  const auto ctr = std::move(features) | std::move(model);

  std::vector<simulated::impression> request;
  for (std::size_t i = 0; i < (std::min)(test.size(), std::size_t{20'000}); ++i) request.push_back(test.row(i));
  std::vector<decltype(ctr.features()(request[0]))> made;
  for (const auto& r : request) made.push_back(ctr.features()(r));

  const std::vector<double> batch = ctr(test);
  std::size_t different = 0;
  for (std::size_t i = 0; i < request.size(); ++i)
    different += std::bit_cast<std::uint64_t>(ctr(request[i])) != std::bit_cast<std::uint64_t>(batch[i]);

  std::printf("%zu requests, %zu numbers and %zu codes, %zu trees, instruction set %s\n", request.size(),
              ctr.scorer().number_columns(), ctr.scorer().code_columns(), ctr.scorer().model().trees(),
              std::string(to_string(mlsd::active_isa())).c_str());
  double sum = 0;
  print("the clock alone", time_calls(request.size(), [&](std::size_t) { sum += 1; }));
  print("features | trees | isotonic", time_calls(request.size(), [&](std::size_t i) { sum += ctr(request[i]); }));
  print("features", time_calls(request.size(), [&](std::size_t i) {
          const auto row = ctr.features()(request[i]);
          sum += row.codes[0];
        }));
  print("trees | isotonic",
        time_calls(request.size(), [&](std::size_t i) { sum += ctr.scorer()(mlsd::mixed_row(made[i])); }));
  print("trees",
        time_calls(request.size(), [&](std::size_t i) { sum += ctr.scorer().model().raw(mlsd::mixed_row(made[i])); }));
  std::printf("row and batch: %zu of %zu scores differ (checksum %.17g)\n", different, request.size(), sum);
  return different == 0 ? 0 : 1;
}
