// What every engine must pass: the bits of the walking engine, for rows, batches and slices of them.
#pragma once

#include "catch.hpp"
#include "mlsd/scoring/gbdt/walking_engine.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace random_gbdt {

/// Sums of rows, batches and slices that differ from walking by any bit.
template <class Engine> std::size_t differences(const mlsd::gbdt_forest& f, const rows& x) {
  const Engine engine(f);
  const std::size_t k = f.outputs();
  std::vector<double> expected(x.n * k, 0.125), all = expected, part = expected, single = expected;
  mlsd::walking_engine::batch(f, x.columns(), expected);
  engine.batch(f, x.columns(), all);
  for (std::size_t i = 0, size = 1; i < x.n; i += size, size = size % 37 + 1) {
    size = (std::min)(size, x.n - i);
    engine.batch(f, x.columns().slice(i, size), std::span(part).subspan(i * k, size * k));
  }
  for (std::size_t i = 0; i < x.n; ++i) engine.row(f, x.row(i), std::span(single).subspan(i * k, k));
  std::size_t different = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (const double got : {all[i], part[i], single[i]})
      different += got != expected[i] && (got == got || expected[i] == expected[i]);
  return different;
}

template <class Engine> std::size_t differences(const shape& s, std::size_t n, std::uint64_t seed) {
  const mlsd::gbdt_forest f(model(s, seed));
  const auto ok = f.validate();
  INFO((ok ? "" : ok.error().message));
  REQUIRE(ok);
  return differences<Engine>(f, rows(n, s, seed + 1));
}

struct engine_case {
  shape model{};
  std::size_t rows = 300;
  std::uint64_t seed = 1;
};
template <class Engine> void check(const engine_case& c) {
  INFO("seed " << c.seed);
  CHECK(differences<Engine>(c.model, c.rows, c.seed) == 0);
}

/// Cases for every engine; the remarks say what is special to one that packs nodes.
template <class Engine> void check_all_cases() {
  const engine_case models[] = {
      {{.codes = 0}, 300, 1},                // numbers only
      {{}, 300, 2},                          // numbers and codes
      {{.numbers = 0, .codes = 3}, 300, 3},  // codes only
      {{.cardinality = 300}, 200, 4},        // bitsets of several words
      {{.trees = 300, .splits = 9}, 60, 5},  // several blocks of trees
      {{.codes = 0, .trees = 3, .splits = 200, .skewed = true}, 60, 6},
      {{.trees = 1, .splits = 1}, 40, 7},
      {{.trees = 0}, 20, 8},
  };
  const engine_case tests_sums_and_leaves[] = {
      {{.codes = 0, .zero_is_missing = true}, 300, 21},
      {{.zero_is_missing = true, .categories_in_numbers = true}, 300, 22},
      {{.codes = 0, .outputs = 3}, 300, 23},
      {{.outputs = 3, .wide_leaves = true, .categories_in_numbers = true}, 300, 24},
      {{.codes = 0, .float_sums = true}, 300, 25},
      {{.outputs = 4, .float_sums = true}, 300, 26},
      {{.outputs = 4, .wide_leaves = true, .float_sums = true}, 300, 27},
      {{.codes = 0, .trees = 200, .outputs = 5, .lines = true}, 100, 28},  // walked
  };
  const engine_case no_limits[] = {
      {{.numbers = 900, .codes = 0, .trees = 40, .splits = 60}, 40, 9},  // rows only, not batches
      {{.numbers = 600, .codes = 100, .trees = 40, .splits = 60}, 40, 10},
      {{.numbers = 20000, .codes = 0, .trees = 40, .splits = 500}, 17, 11},  // walked
      {{.codes = 0, .trees = 1, .splits = 40000}, 20, 12},                   // steps beyond 16 bits
  };
  for (const engine_case& c : models) check<Engine>(c);
  for (const engine_case& c : tests_sums_and_leaves) check<Engine>(c);
  for (const engine_case& c : no_limits) check<Engine>(c);
}

/// Without a forest an engine adds nothing.
template <class Engine> void check_empty() {
  const float x[] = {1};
  double sum = 3;
  Engine{}.row(mlsd::gbdt_forest{}, {x, {}}, {&sum, 1});
  CHECK(sum == 3.0);
}

}  // namespace random_gbdt
