#include "mlsd/scoring/gbdt/ranked_kernels.hpp"

#include "catch.hpp"
#include "mlsd/core/simd.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace test_ranked_kernels {

using namespace mlsd;

#if defined(__x86_64__)

/// Sums that differ from walking, for batches of many sizes, whatever `MLSD_ISA` says.
template <class Isa> std::size_t differences(const random_gbdt::shape& s, std::uint64_t seed) {
  const gbdt_forest forest(random_gbdt::model(s, seed));
  REQUIRE(forest.validate());
  detail::tree_cells<> cells;
  REQUIRE(cells.build(forest));
  detail::ranked_trees<> trees;
  REQUIRE(trees.build(forest, cells));
  std::size_t different = 0;
  for (const std::size_t n : {1u, 63u, 64u, 65u, 129u, 255u, 257u, 600u}) {
    const random_gbdt::rows x(n, s, seed + n);
    std::vector<double> expected(n * s.outputs, 0.125), got = expected;
    walking_engine::batch(forest, x.columns(), expected);
    detail::ranked_batch<Isa>(trees, cells, x.columns(), got);
    for (std::size_t i = 0; i < got.size(); ++i) different += got[i] != expected[i];
  }
  return different;
}

template <class Isa> void check_all() {
  for (const std::uint32_t splits : {1u, 12u, 30u, 60u, 200u})  // every size of the tables of leaves
    CHECK(differences<Isa>({.codes = 0, .splits = splits}, splits) == 0);
  CHECK(differences<Isa>({.codes = 0, .zero_is_missing = true}, 1) == 0);
  CHECK(differences<Isa>({.codes = 0, .float_sums = true}, 2) == 0);
  CHECK(differences<Isa>({.codes = 0, .splits = 100, .outputs = 3, .wide_leaves = true, .float_sums = true}, 3) == 0);
  CHECK(differences<Isa>({.codes = 0, .outputs = 4}, 4) == 0);
  CHECK(differences<Isa>({}, 5) == 0);
  CHECK(differences<Isa>({.splits = 80, .cardinality = 250, .categories_in_numbers = true}, 6) == 0);
  CHECK(differences<Isa>({.numbers = 0, .codes = 3, .cardinality = 120}, 7) == 0);
}

template <class Isa> void check_ranks() {
  constexpr float inf = std::numeric_limits<float>::infinity();
  for (const std::size_t n : {0u, 1u, 15u, 16u, 17u, 200u, 255u}) {
    std::vector<float> cuts(256, inf), x{-inf, inf, -0.0f, 0.0f, 1e9f, std::nanf("")};
    for (std::size_t i = 0; i < n; ++i) cuts[i] = 0.25f * static_cast<float>(static_cast<int>(i) - 100);
    for (std::size_t i = 0; i < n; ++i)
      for (const float to : {-inf, cuts[i], inf}) x.push_back(std::nextafter(cuts[i], to));
    x.resize((x.size() + 31) / 32 * 32);
    std::vector<signed char> rank(x.size()), present(x.size());
    Isa::rank(cuts.data(), n, x.data(), x.size(), rank.data());
    Isa::present(0.25f, x.data(), x.size(), present.data());
    for (std::size_t j = 0; j < x.size(); ++j) {
      int below = 0;
      for (const float c : cuts) below += c < x[j];
      REQUIRE(rank[j] + 128 == below);
      REQUIRE(present[j] == (std::abs(x[j]) > 0.25f ? -1 : 0));
    }
  }
}

TEST_CASE("ranked kernels: the bits of walking on every instruction set there is") {
  if (detected_isa() >= isa::avx2) {
    check_ranks<detail::ranked_avx2>();
    check_all<detail::ranked_avx2>();
  } else {
    WARN("skipped: no AVX2");
  }
  if (detected_isa() >= isa::avx512) {
    check_ranks<detail::ranked_avx512>();
    check_all<detail::ranked_avx512>();
  } else {
    WARN("skipped: no AVX-512");
  }
}

TEST_CASE("ranked kernels: symmetric trees are answered level by level") {
  for (const std::uint32_t depth : {1u, 3u, 6u, 8u}) {
    const gbdt_forest forest(random_gbdt::symmetric_model(depth, depth));
    REQUIRE(forest.validate());
    detail::tree_cells<> cells;
    REQUIRE(cells.build(forest));
    detail::ranked_trees<> trees;
    REQUIRE(trees.build(forest, cells));
    for (std::size_t t = 0; t < 11; ++t) REQUIRE((trees.trees[t].symmetric && trees.trees[t].splits == depth));
    CHECK(trees.trees[11].symmetric == (depth == 1));
    const random_gbdt::rows x(500, {.codes = 0}, depth);
    std::vector<double> expected(500), got(500);
    walking_engine::batch(forest, x.columns(), expected);
    if (detected_isa() >= isa::avx2) {
      detail::ranked_batch<detail::ranked_avx2>(trees, cells, x.columns(), got);
      CHECK(got == expected);
    }
    std::fill(got.begin(), got.end(), 0.0);
    if (detected_isa() >= isa::avx512) {
      detail::ranked_batch<detail::ranked_avx512>(trees, cells, x.columns(), got);
      CHECK(got == expected);
    }
  }
}

TEST_CASE("ranked kernels: a column of many thresholds has ranks in stretches") {
  gbdt_description d{.number_columns = 1};
  for (int i = 0; i < 1000; ++i)
    d.trees.push_back({.splits = {{.threshold = 0.5 * ((i * 7) % 1000), .nan_left = i % 2 == 0}},
                       .leaves = {static_cast<double>(i), -1.0}});
  const gbdt_forest forest(d);
  detail::tree_cells<> cells;
  REQUIRE(cells.build(forest));
  detail::ranked_trees<> trees;
  REQUIRE(trees.build(forest, cells));
  CHECK(trees.columns.size() == 4);
  CHECK(trees.cells.size() == 8);
  std::vector<float> x{std::nanf(""), -1, 1e9f};
  for (int i = 0; i < 2000; ++i) x.push_back(0.25f * static_cast<float>(i));
  const mixed_columns columns{x.size(), 1, 0, x.size(), x.data(), nullptr};
  std::vector<double> expected(x.size()), got(x.size());
  walking_engine::batch(forest, columns, expected);
  if (detected_isa() >= isa::avx2) {
    detail::ranked_batch<detail::ranked_avx2>(trees, cells, columns, got);
    CHECK(got == expected);
  }
}

TEST_CASE("ranked kernels: blocks are as large as their slots allow") {
  detail::ranked_trees<> trees;
  CHECK(detail::ranked_block::rows_for(trees, 1) == 256);
  CHECK(detail::ranked_block::rows_for(trees, 32) == 64);
  trees.leaf_slots = trees.split_slots = 256;
  CHECK(detail::ranked_block::rows_for(trees, 1) == 64);
}

#endif

}  // namespace test_ranked_kernels
