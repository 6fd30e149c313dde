// needs: nlohmann/json.hpp
// links: dl
// Reading a model that XGBoost saved, as UBJ or JSON, against XGBoost itself through its C interface, one thread, by
// turns in one process and out of memory: xgboost_import LIBXGBOOST.SO MODEL... The library is in PyPI's xgboost
// package (xgboost/lib/libxgboost.so).
#include "../versus.hpp"
#include "mlsd/archive/storage.hpp"
#include "mlsd/scoring/import/xgboost.hpp"

#include <dlfcn.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

constexpr int turns = 15;

/// What is used of XGBoost's C interface (c_api.h), looked up by name.
class xgboost {
 public:
  explicit xgboost(const char* library) : handle_(dlopen(library, RTLD_NOW)) {
    if (handle_ == nullptr) std::fprintf(stderr, "%s\n", dlerror()), std::exit(1);
  }
  void load_and_free(std::string_view file) const {
    void* booster = nullptr;
    bool good = function<int(const void*, std::uint64_t, void**)>("XGBoosterCreate")(nullptr, 0, &booster) == 0;
    good = good && function<int(void*, const char*, const char*)>("XGBoosterSetParam")(booster, "nthread", "1") == 0;
    good = good && function<int(void*, const void*, std::uint64_t)>("XGBoosterLoadModelFromBuffer")(
                       booster, file.data(), file.size()) == 0;
    if (!good) std::fprintf(stderr, "XGBoost cannot read the model\n"), std::exit(1);
    function<int(void*)>("XGBoosterFree")(booster);
  }

 private:
  template <class F> [[nodiscard]] F* function(const char* name) const {
    return reinterpret_cast<F*>(dlsym(handle_, name));
  }
  void* handle_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "xgboost_import LIBXGBOOST.SO MODEL...\n"), 2;
  const xgboost theirs(argv[1]);
  for (int i = 2; i < argc; ++i) {
    const auto content = mlsd::detail::read_file(argv[i]).value();
    const std::string_view file(reinterpret_cast<const char*>(content.bytes().data()), content.bytes().size());
    const auto ours = [&] { (void)mlsd::import_xgboost(file).value(); };
    const auto peer = [&] { theirs.load_and_free(file); };
    std::vector<double> a, b, ratio;
    for (int turn = 0; turn <= turns; ++turn) {
      const double x = bench::seconds_of(ours), y = bench::seconds_of(peer);
      if (turn == 0) continue;
      a.push_back(x), b.push_back(y), ratio.push_back(x / y);
    }
    std::printf("%-40s %8.2f MB: mlsd %8.2f ms, XGBoost %8.2f ms, ratio %.2f\n", argv[i],
                static_cast<double>(file.size()) / 1e6, bench::median(a) * 1e3, bench::median(b) * 1e3,
                bench::median(ratio));
  }
}
