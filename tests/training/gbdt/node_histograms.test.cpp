#include "mlsd/training/gbdt/node_histograms.hpp"

#include "catch.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/threads.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace test_node_histograms {

using namespace mlsd;
using namespace mlsd::detail;

/// Two numbers, twelve flags that share lanes, a code of more than 255 categories; three quarters of the rows.
struct problem {
  feature_matrix x;
  std::vector<std::uint32_t> rows;
  std::vector<row_slope> slopes;
  slope_scale scale;

  problem(std::size_t n, const slope_scale& of) : x(info(), n), scale(of) {
    random_stream random(n);
    for (std::size_t i = 0; i < n; ++i) {
      x.number(0)[i] = static_cast<float>(random.normal());
      x.number(1)[i] = static_cast<float>(random.normal());
      x.number(2 + random.uniform_int(12))[i] = 1;
      x.code(0)[i] = static_cast<std::uint32_t>(random.uniform_int(900));
      if (random.uniform_int(4) == 0) continue;
      rows.push_back(static_cast<std::uint32_t>(i));
      slopes.push_back(row_slope::of_floats(static_cast<float>(random.normal()), static_cast<float>(random.uniform())));
    }
    scale.to_fixed_point(slopes);
  }
  static std::vector<feature_info> info() {
    std::vector<feature_info> columns(15);
    columns[14].cardinality = 900;
    return columns;
  }
  [[nodiscard]] node_rows node() const {
    slope_sum total;
    for (const row_slope s : slopes) total = total + scale.widen(s);
    return {rows, slopes.data(), total};
  }
  /// Number of bins whose sum in `found` is not that of the rows that have the bin.
  [[nodiscard]] std::size_t wrong(const binned_matrix& bins, const slope_sum* found) const {
    std::vector<slope_sum> sums(bins.total_bins());
    for (const auto& f : bins.features())
      for (std::size_t i = 0; i < rows.size(); ++i) {
        slope_sum& to = sums[f.first_bin + bins.bin(f, rows[i])];
        to = to + scale.widen(slopes[i]);
      }
    std::size_t n = 0;
    for (std::size_t k = 0; k < sums.size(); ++k)
      n += sums[k].gradient() != found[k].gradient() || sums[k].packed() != found[k].packed();
    return n;
  }
};

/// Runs the tasks of a call from the last to the first, and says that it has many threads.
struct backwards {
  [[nodiscard]] static std::size_t concurrency() noexcept { return 5; }
  template <class F> static void for_each_index(std::size_t n, F&& f) {
    while (n-- > 0) f(n);
  }
};

template <executor Ex> void check_fill(std::size_t n, const slope_scale& scale, Ex&& ex) {
  const problem p(n, scale);
  const binned_matrix bins(p.x, {}, {}, ex);
  REQUIRE(bins.blocks().size() == 2);
  REQUIRE(bins.lanes().size() < bins.features().size());
  node_histograms histograms(bins);
  for (int tree = 0; tree < 2; ++tree) {
    histograms.start_tree(p.scale);
    const std::size_t h = histograms.take();
    std::vector<std::atomic<int>> calls(bins.blocks().size());
    histograms.fill(h, p.node(), ex, [&](std::size_t block) { ++calls[block]; });
    for (const auto& c : calls) CHECK(c == 1);
    CHECK(p.wrong(bins, histograms[h]) == 0);
  }
}

TEST_CASE("node histograms: exact sums of every feature, however the work is cut", "[threads]") {
  threads two(2), seven(7);
  for (const std::size_t n : {std::size_t{1'000}, std::size_t{6'000}, std::size_t{50'000}}) {
    for (const slope_scale& scale : {slope_scale(4, 1, n), slope_scale::coarse(4, 1, n, 8, 1)}) {
      check_fill(n, scale, sequential{});
      check_fill(n, scale, backwards{});
      check_fill(n, scale, two);
      check_fill(n, scale, seven);
    }
  }
}

TEST_CASE("node histograms: a difference is the histogram of the other rows; numbers are used again") {
  const problem p(2'000, slope_scale(4, 1, 2'000));
  sequential ex;
  const binned_matrix bins(p.x, {}, {}, ex);
  node_histograms histograms(bins);
  histograms.start_tree(p.scale);
  const std::size_t all = histograms.take(), first = histograms.take();
  CHECK(all != first);
  problem left = p, right = p;
  left.rows.resize(700), left.slopes.resize(700);
  right.rows.erase(right.rows.begin(), right.rows.begin() + 700);
  right.slopes.erase(right.slopes.begin(), right.slopes.begin() + 700);
  histograms.fill(all, p.node(), ex, [](std::size_t) {});
  histograms.fill(first, left.node(), ex, [&](std::size_t block) { histograms.subtract(block, all, first); });
  CHECK(left.wrong(bins, histograms[first]) == 0);
  CHECK(right.wrong(bins, histograms[all]) == 0);
  histograms.give_back(all);
  CHECK(histograms.take() == all);
}

TEST_CASE("node histograms: no feature that splits, no block") {
  const feature_matrix x(std::vector<feature_info>(1), 100);
  threads two(2);
  const binned_matrix bins(x, {}, {}, two);
  node_histograms histograms(bins);
  const slope_scale scale(1, 1, 100);
  histograms.start_tree(scale);
  histograms.fill(histograms.take(), {}, two, [](std::size_t) { FAIL("there is no block"); });
}

}  // namespace test_node_histograms
