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

}  // namespace random_gbdt
