// The nearest neighbours of every item, by cosine, against the obvious way: a dense row of counts an item, and a
// partial sort. Against the implicit package of Python: bench/peers/implicit_items.py.
#include "mlsd/retrieval/cooccurrence.hpp"
#include "histories.hpp"
#include "peer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace {

void cooccurrence_fit(benchmark::State& state) {
  const auto& data = bench::histories(2000, 3000, 50);
  const auto users = data.by_user().binary(), items = data.by_item().binary();
  const mlsd::cooccurrence config{.shrinkage = 10, .neighbours = 100};
  bench::versus(
      state, 1, [&] { benchmark::DoNotOptimize(config.fit(users)); },
      [&] {
        std::vector<std::vector<std::pair<float, std::uint32_t>>> near(items.rows());
        std::vector<float> count(items.rows());
        for (std::size_t i = 0; i < items.rows(); ++i) {
          std::fill(count.begin(), count.end(), 0.0f);
          for (const std::uint32_t u : items[i].index)
            for (const std::uint32_t j : users[u].index) count[j] += 1;
          auto& list = near[i];
          for (std::uint32_t j = 0; j < count.size(); ++j) {
            if (count[j] == 0 || j == i) continue;
            const float a = static_cast<float>(items[i].size()), b = static_cast<float>(items[j].size());
            list.push_back({-count[j] / (count[j] + 10) * count[j] / std::sqrt(a * b), j});
          }
          const std::size_t kept = std::min(list.size(), std::size_t{100});
          std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(kept), list.end());
          list.resize(kept);
        }
        benchmark::DoNotOptimize(near.data());
      });
}
BENCH_VERSUS(cooccurrence_fit);

}  // namespace

int main(int argc, char** argv) {
  constexpr std::size_t users = 20'000, items = 10'000, each = 50;
  return bench::run(
      argc, argv,
      [](const char* path) {
        const auto rows = bench::histories(users, items, each).by_user();
        bench::file out(path, "wb");
        const std::uint64_t n = rows.size();
        out.write(std::span(&n, 1));
        out.write(rows.offset);
        out.write(rows.index);
      },
      [](const char*, double& seconds) {
        const auto& data = bench::histories(users, items, each);
        const mlsd::cooccurrence config{.shrinkage = 0, .neighbours = 100};
        const double start = bench::cpu_seconds();
        const auto model = config.fit(data.by_user().binary()).value();
        seconds = bench::cpu_seconds() - start;
        double sum = 0;  // the similarity of nearest neighbours
        for (std::uint32_t i = 0; i < items; ++i)
          if (model.neighbours(i).size() != 0) sum += static_cast<double>(model.neighbours(i).value[0]);
        return sum;
      });
}
