// links: dl
// Reading a model that LightGBM saved as text, and explaining its scores (TreeSHAP), against LightGBM itself through
// its C interface, one thread, by turns in one process: lightgbm_import LIB_LIGHTGBM.SO MODEL.txt... The library is in
// PyPI's lightgbm package (lightgbm/lib/lib_lightgbm.so). Contributions are of 20 rows of normal numbers.
#include "../versus.hpp"
#include "mlsd/core/math.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/scoring/gbdt/contributions.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"

#include <dlfcn.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr std::size_t rows = 20;
constexpr int turns = 7;

/// What is used of LightGBM's C interface (c_api.h), looked up by name.
class lightgbm {
 public:
  explicit lightgbm(const char* library) : handle_(dlopen(library, RTLD_NOW)) {
    if (handle_ == nullptr) std::fprintf(stderr, "%s\n", dlerror()), std::exit(1);
    function<int(int)>("LGBM_SetMaxThreads")(1);
  }
  [[nodiscard]] void* load(const char* path) const {
    int iterations = 0;
    void* booster = nullptr;
    if (function<int(const char*, int*, void**)>("LGBM_BoosterCreateFromModelfile")(path, &iterations, &booster) != 0)
      std::fprintf(stderr, "LightGBM cannot read %s\n", path), std::exit(1);
    return booster;
  }
  void free(void* booster) const { function<int(void*)>("LGBM_BoosterFree")(booster); }
  void contributions(void* booster, const std::vector<double>& x, std::size_t width, std::vector<double>& out) const {
    constexpr int float64 = 1, contrib = 3, row_major = 1;
    std::int64_t length = 0;
    function<int(void*, const void*, int, std::int32_t, std::int32_t, int, int, int, int, const char*, std::int64_t*,
                 double*)>("LGBM_BoosterPredictForMat")(booster, x.data(), float64, static_cast<std::int32_t>(rows),
                                                        static_cast<std::int32_t>(width), row_major, contrib, 0, -1,
                                                        "num_threads=1", &length, out.data());
  }

 private:
  template <class F> [[nodiscard]] F* function(const char* name) const {
    return reinterpret_cast<F*>(dlsym(handle_, name));
  }
  void* handle_;
};

template <class Ours, class Theirs> void compare(const char* what, double items, Ours ours, Theirs theirs) {
  std::vector<double> a, b, ratio;
  for (int turn = 0; turn <= turns; ++turn) {
    const double x = bench::seconds_of(ours), y = bench::seconds_of(theirs);
    if (turn == 0) continue;
    a.push_back(x), b.push_back(y), ratio.push_back(x / y);
  }
  std::printf("%-14s mlsd %9.3f ms, LightGBM %9.3f ms, ratio %.3f\n", what, bench::median(a) * 1e3 / items,
              bench::median(b) * 1e3 / items, bench::median(ratio));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "lightgbm_import LIB_LIGHTGBM.SO MODEL.txt...\n"), 2;
  const lightgbm theirs(argv[1]);
  for (int i = 2; i < argc; ++i) {
    std::printf("%s\n", argv[i]);
    const auto model = mlsd::load_lightgbm(argv[i]).value();
    void* const booster = theirs.load(argv[i]);
    compare(
        "reading", 1, [&] { (void)mlsd::load_lightgbm(argv[i]).value(); }, [&] { theirs.free(theirs.load(argv[i])); });

    const std::size_t width = model.width(), columns = width + 1;
    mlsd::random_stream random(1);
    std::vector<double> x(rows * width), ours(rows * columns * model.outputs()), peer(ours.size());
    for (double& v : x) v = mlsd::math::normal_quantile(random.uniform());
    const auto contributions = mlsd::gbdt_contributions::build(model.model);
    if (!contributions) continue;
    auto scratch = contributions->make_scratch();
    compare(
        "explaining", rows,
        [&] {
          for (std::size_t r = 0; r < rows; ++r)
            (*contributions)(
                [&](std::size_t j) { return x[r * width + j]; }, [](std::size_t) { return std::uint32_t{0}; },
                std::span(ours).subspan(r * columns * model.outputs(), columns * model.outputs()), scratch);
        },
        [&] { theirs.contributions(booster, x, width, peer); });
    double furthest = 0;
    for (std::size_t k = 0; k < ours.size(); ++k) furthest = (std::max)(furthest, std::abs(ours[k] - peer[k]));
    std::printf("%-14s at most %.2g apart\n", "", furthest);
    theirs.free(booster);
  }
}
