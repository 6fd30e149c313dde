// needs: nlohmann/json.hpp
// links: dl
// Scores another library's model file with that library and with this one, by turns, one thread: single rows, and
// batches of 20,000, 28 numbers, 5% missing. bench/peers/gbdt_scoring.py trains the models and calls it:
//   bench_gbdt_scoring --write TRAIN ROWS
//   bench_gbdt_scoring lightgbm|xgboost LIBRARY.so MODEL ROWS [COMPILED.so]
//   bench_gbdt_scoring catboost - MODEL.json ROWS
// COMPILED.so has `double score(const float*)`, the same trees as nested ifs. Prints, for each way to score, the p50 of
// a row in microseconds, nanoseconds of a row of a batch, and how many scores differ from this library's.
#include "../data.hpp"
#include "../peer.hpp"
#include "../versus.hpp"
#include "mlsd/scoring/import/catboost.hpp"
#include "mlsd/scoring/import/lightgbm.hpp"
#include "mlsd/scoring/import/xgboost.hpp"

#include <dlfcn.h>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

namespace {

constexpr std::size_t train_rows = 200'000, rows = 20'000, width = 28, single_rows = 4000, turns = 7;

class library {
 public:
  explicit library(const char* path) : handle_(dlopen(path, RTLD_NOW)) {
    if (handle_ == nullptr) std::fprintf(stderr, "%s\n", dlerror()), std::exit(1);
  }
  template <class F> [[nodiscard]] F* function(const char* name) const {
    if (void* const found = dlsym(handle_, name)) return reinterpret_cast<F*>(found);
    return std::fprintf(stderr, "there is no %s\n", name), std::exit(1), nullptr;
  }

 private:
  void* handle_;
};

/// A way to score: one row, and `n` rows into `out`.
struct peer {
  std::string name{};
  std::function<double(const float*)> row{};
  std::function<void(const float*, std::size_t, double*)> batch{};
};

peer lightgbm(const char* path, const char* model) {
  const library lib(path);
  void *booster = nullptr, *fast = nullptr;
  int trees = 0;
  lib.function<int(const char*, int*, void**)>("LGBM_BoosterCreateFromModelfile")(model, &trees, &booster);
  constexpr int float32 = 0, raw_score = 1, row_major = 1;
  lib.function<int(void*, int, int, int, int, int, const char*, void**)>("LGBM_BoosterPredictForMatSingleRowFastInit")(
      booster, raw_score, 0, -1, float32, static_cast<int>(width), "num_threads=1", &fast);
  const auto row =
      lib.function<int(void*, const void*, std::int64_t*, double*)>("LGBM_BoosterPredictForMatSingleRowFast");
  const auto batch =
      lib.function<int(void*, const void*, int, int, int, int, int, int, int, const char*, std::int64_t*, double*)>(
          "LGBM_BoosterPredictForMat");
  return {"LightGBM",
          [=](const float* x) {
            double out = 0;
            std::int64_t length = 0;
            row(fast, x, &length, &out);
            return out;
          },
          [=](const float* x, std::size_t n, double* out) {
            std::int64_t length = 0;
            batch(booster, x, float32, static_cast<int>(n), static_cast<int>(width), row_major, raw_score, 0, -1,
                  "num_threads=1", &length, out);
          }};
}

peer xgboost(const char* path, const char* model) {
  const library lib(path);
  void* booster = nullptr;
  lib.function<int(const void*, std::uint64_t, void**)>("XGBoosterCreate")(nullptr, 0, &booster);
  lib.function<int(void*, const char*)>("XGBoosterLoadModel")(booster, model);
  lib.function<int(void*, const char*, const char*)>("XGBoosterSetParam")(booster, "nthread", "1");
  const auto predict =
      lib.function<int(void*, const char*, const char*, void*, const std::uint64_t**, std::uint64_t*, const float**)>(
          "XGBoosterPredictFromDense");
  const auto score = [=](const float* x, std::size_t n, double* out) {
    char table[200];
    std::snprintf(table, sizeof table, R"({"data":[%llu,true],"shape":[%zu,%zu],"typestr":"<f4","version":3})",
                  static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(x)), n, width);
    const std::uint64_t* shape = nullptr;
    std::uint64_t dimensions = 0;
    const float* found = nullptr;
    predict(booster, table,
            R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN})",
            nullptr, &shape, &dimensions, &found);
    std::copy(found, found + n, out);
  };
  return {"XGBoost",
          [=](const float* x) {
            double out = 0;
            score(x, 1, &out);
            return out;
          },
          score};
}

peer compiled(const char* path) {
  const auto row = library(path).function<double(const float*)>("score");
  return {"compiled", row, [row](const float* x, std::size_t n, double* out) {
            for (std::size_t i = 0; i < n; ++i) out[i] = row(x + i * width);
          }};
}

void write(const mlsd::labelled_matrix& m, const char* path, bool labels) {
  bench::file out(path, "wb");
  std::vector<float> x(m.rows() * width);
  for (std::size_t i = 0; i < m.rows(); ++i) m.x.columns().gather(i, &x[i * width], nullptr);
  out.write(std::span<const float>(x));
  if (labels) out.write(std::span<const float>(m.label));
}

std::string bytes_of(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

double p50_of_rows(const peer& p, const std::vector<float>& x, std::vector<double>& out) {
  using clock = std::chrono::steady_clock;
  std::vector<double> us;
  for (std::size_t i = 0; i < single_rows; ++i) {
    const clock::time_point start = clock::now();
    out[i] = p.row(&x[i * width]);
    us.push_back(std::chrono::duration<double, std::micro>(clock::now() - start).count());
  }
  return bench::median(us);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  if (kind == "--write" && argc == 4) {
    write(bench::physics_like(train_rows, 1), argv[2], true);
    write(bench::physics_like(rows, 2), argv[3], false);
    return 0;
  }
  if (argc < 5 || (kind != "lightgbm" && kind != "xgboost" && kind != "catboost"))
    return std::fprintf(stderr, "bench_gbdt_scoring lightgbm|xgboost|catboost LIBRARY.so MODEL ROWS [COMPILED.so]\n"),
           2;
  const std::string file = bytes_of(argv[3]);
  const auto imported = kind == "lightgbm"  ? mlsd::import_lightgbm(file)
                        : kind == "xgboost" ? mlsd::import_xgboost(file)
                                            : mlsd::import_catboost(file);
  const mlsd::gbdt_model& model = imported.value().model;
  std::vector<peer> peers;
  if (kind == "lightgbm") peers.push_back(lightgbm(argv[2], argv[3]));
  if (kind == "xgboost") peers.push_back(xgboost(argv[2], argv[3]));
  if (argc == 6) peers.push_back(compiled(argv[5]));
  const std::vector<float> x = bench::file(argv[4], "rb").read<float>(rows * width);
  std::vector<float> by_column(x.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < width; ++j) by_column[j * rows + i] = x[i * width + j];
  const mlsd::mixed_columns columns{rows, width, 0, rows, by_column.data(), nullptr};
  peers.insert(peers.begin(), {"mlsd", [&](const float* row) { return model.raw(std::span(row, width)); },
                               [&](const float*, std::size_t n, double* out) {
                                 model.raw(columns, {out, n});
                               }});

  std::vector<std::vector<double>> out(peers.size(), std::vector<double>(rows)), row(peers.size()), batch(peers.size());
  for (std::size_t turn = 0; turn < turns; ++turn)
    for (std::size_t p = 0; p < peers.size(); ++p) {
      row[p].push_back(p50_of_rows(peers[p], x, out[p]));
      const auto all = [&] { peers[p].batch(x.data(), rows, out[p].data()); };
      batch[p].push_back(bench::seconds_of(all) * 1e9 / static_cast<double>(rows));
    }
  for (std::size_t p = 0; p < peers.size(); ++p) {
    std::size_t differ = 0;
    for (std::size_t i = 0; i < rows; ++i) differ += out[p][i] != out[0][i];
    std::printf("%s %.4f %.3f %zu\n", peers[p].name.c_str(), bench::median(row[p]), bench::median(batch[p]), differ);
  }
}
