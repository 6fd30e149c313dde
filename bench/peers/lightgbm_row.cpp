// links: dl
// One row at a time: a model of this library against one of LightGBM with the same settings, through LightGBM's own
// fast call for single rows (C interface, one thread). bench/peers/lightgbm_training.py --keep prints the command with
// both models: lightgbm_row LIB_LIGHTGBM.SO MODEL.lgb MODEL.mlsd. Both score the same 20,000 rows by turns, 28 numbers,
// 5% missing.
#include "../data.hpp"
#include "../versus.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/scoring/gbdt/model.hpp"

#include <dlfcn.h>
#include <chrono>
#include <cstdio>

namespace {

constexpr std::size_t rows = 20'000, width = 28;

/// What is used of LightGBM's C interface (c_api.h), looked up by name.
class lightgbm {
 public:
  lightgbm(const char* library, const char* model) : handle_(dlopen(library, RTLD_NOW)) {
    if (handle_ == nullptr) std::fprintf(stderr, "%s\n", dlerror()), std::exit(1);
    int trees = 0;
    function<int(const char*, int*, void**)>("LGBM_BoosterCreateFromModelfile")(model, &trees, &booster_);
    constexpr int float32 = 0, raw_score = 1;
    function<int(void*, int, int, int, int, int, const char*, void**)>("LGBM_BoosterPredictForMatSingleRowFastInit")(
        booster_, raw_score, 0, -1, float32, static_cast<int>(width), "num_threads=1", &fast_);
    predict_ = function<predict>("LGBM_BoosterPredictForMatSingleRowFast");
  }
  double operator()(const float* x) const {
    double out = 0;
    std::int64_t length = 0;
    predict_(fast_, x, &length, &out);
    return out;
  }

 private:
  using predict = int(void*, const void*, std::int64_t*, double*);
  template <class F> F* function(const char* name) const { return reinterpret_cast<F*>(dlsym(handle_, name)); }
  void* handle_;
  void* booster_ = nullptr;
  void* fast_ = nullptr;
  predict* predict_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "lightgbm_row LIB_LIGHTGBM.SO MODEL.lgb MODEL.mlsd\n"), 2;
  const lightgbm theirs(argv[1], argv[2]);
  const auto ours = mlsd::load<mlsd::gbdt_model>(argv[3]).value();
  const auto test = bench::physics_like(rows, 2);
  std::vector<float> x(rows * width);
  for (std::size_t i = 0; i < rows; ++i) test.x.columns().gather(i, &x[i * width], nullptr);

  using clock = std::chrono::steady_clock;
  std::vector<double> us[2];
  double sum[2] = {0, 0};
  for (int turn = 0; turn < 11; ++turn)
    for (int which = 0; which < 2; ++which)
      for (std::size_t i = 0; i < rows; ++i) {
        const float* const row = &x[i * width];
        const auto start = clock::now();
        sum[which] += which == 0 ? ours.raw(std::span(row, width)) : theirs(row);
        const double spent = std::chrono::duration<double, std::micro>(clock::now() - start).count();
        if (turn != 0) us[which].push_back(spent);
      }
  double p50[2];
  for (int which = 0; which < 2; ++which) {
    std::sort(us[which].begin(), us[which].end());
    p50[which] = us[which][us[which].size() / 2];
    std::printf("%-9s p50 %.2f us, p99 %.2f us, mean margin %.5f\n", which == 0 ? "mlsd" : "LightGBM", p50[which],
                us[which][us[which].size() * 99 / 100], sum[which] / (11.0 * rows));
  }
  std::printf("ratio of the p50: %.3f\n", p50[0] / p50[1]);
}
