#pragma once

#include <algorithm>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {
struct index_task {
  void operator()(std::size_t) const noexcept {}
};
}  // namespace detail

/// Runs `f(0) ... f(n - 1)`, each once, in any order and on any thread, and returns when all have ended.
/// `f` must be callable from several threads at once. `concurrency()` is a hint; results never depend on it.
template <class E>
concept executor = requires(E& ex, std::size_t n, detail::index_task f) {
  { ex.concurrency() } noexcept -> std::convertible_to<std::size_t>;
  ex.for_each_index(n, f);
};

/// The caller's thread. The default everywhere.
struct sequential {
  [[nodiscard]] static constexpr std::size_t concurrency() noexcept { return 1; }
  template <class F> static constexpr void for_each_index(std::size_t n, F&& f) {
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};

/// How many pieces of `grain` items, the last one shorter, make n items; grain > 0.
[[nodiscard]] constexpr std::size_t chunk_count(std::size_t n, std::size_t grain) noexcept {
  assert(grain > 0);
  return n / grain + (n % grain != 0 ? 1 : 0);
}

/// Cuts [0, n) into pieces of `grain` items and runs `f(first, last)` on each. The cut depends on n and grain only.
template <executor E, class F> void for_each_chunk(E&& ex, std::size_t n, std::size_t grain, F&& f) {
  ex.for_each_index(chunk_count(n, grain), [&](std::size_t c) {
    const std::size_t first = c * grain;
    f(first, first + (std::min)(grain, n - first));
  });
}

/// Deterministic reduction: `map(first, last)` gives the partial result of each chunk, then partials are merged by
/// `merge(into, from)` in a fixed binary tree, so that the bits depend on n and grain, never on the number of threads.
/// Allocates one partial a chunk. n == 0 gives `T{}`.
template <class T, executor E, class Map, class Merge>
[[nodiscard]] T reduce_chunks(E&& ex, std::size_t n, std::size_t grain, Map&& map, Merge&& merge) {
  std::vector<T> part(chunk_count(n, grain));
  for_each_chunk(ex, n, grain, [&](std::size_t first, std::size_t last) { part[first / grain] = map(first, last); });
  for (std::size_t step = 1; step < part.size(); step *= 2)
    for (std::size_t i = 0; i + step < part.size(); i += 2 * step) merge(part[i], std::as_const(part[i + step]));
  return part.empty() ? T{} : std::move(part.front());
}

}  // namespace mlsd
