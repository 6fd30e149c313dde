#pragma once

#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/executor.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/testing/laws/broken.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mlsd::laws {

/// The same seed gives the same model: `fit()` is called twice and returns a `result<model>`.
template <class Fit> [[nodiscard]] result<void> same_seed_same_model(Fit&& fit) {
  const auto first = fit(), second = fit();
  if (!first) return first.error();
  if (!second) return second.error();
  if (fingerprint(*first) == fingerprint(*second)) return {};
  return broken("the same seed gives the same model", "two trainings differ");
}

/// The number of threads does not change the model: `fit(executor)` returns a `result<model>`.
template <class Fit> [[nodiscard]] result<void> same_model_on_any_threads(Fit&& fit) {
  sequential alone;
  const auto model = fit(alone);
  if (!model) return model.error();
  for (const std::size_t count : {1u, 2u, 3u}) {
    threads pool(count);
    const auto other = fit(pool);
    if (!other) return other.error();
    if (fingerprint(*other) != fingerprint(*model))
      return broken("threads do not change the model", std::to_string(count) + " threads give another one");
  }
  return {};
}

/// Const calls are safe from several threads: `call(i)` for i < n gives what it gives alone. Run it under a thread
/// sanitizer. `call` returns a number.
template <class Call> [[nodiscard]] result<void> is_safe_to_share(const Call& call, std::size_t n) {
  std::vector<std::uint64_t> alone(n), together(n);
  for (std::size_t i = 0; i < n; ++i) alone[i] = bits(call(i));
  threads pool(3);
  pool.for_each_index(n, [&](std::size_t i) { together[i] = bits(call(i)); });
  for (std::size_t i = 0; i < n; ++i)
    if (together[i] != alone[i]) return broken("const calls are thread-safe", "call " + std::to_string(i) + " differs");
  return {};
}

}  // namespace mlsd::laws
