#pragma once

#include "mlsd/fwd.hpp"
#include "mlsd/serve/deadline.hpp"

#include <utility>

namespace mlsd {

/// Every buffer that a ranking needs to serve one request at a time, and how long its stages took: owned by the caller,
/// one for each thread. `workspace scratch{recommend};` allocates all that will ever be needed.
/// It may serve every ranking of the same type and sizes, such as the same system with a newer model.
template <class Ranking, class Clock> class workspace {
 public:
  explicit workspace(const Ranking& ranking) : buffers_(ranking.make_scratch()) {}
  workspace(const Ranking& ranking, Clock) : workspace(ranking) {}

  /// Calls `f(name, const stage_times&)` for every stage, in order.
  template <class F> void for_each_stage(F&& f) const { Ranking::for_each_time(buffers_, f); }
  /// For the stages.
  [[nodiscard]] typename Ranking::scratch& buffers() noexcept { return buffers_; }

 private:
  typename Ranking::scratch buffers_;
};
template <class Ranking> workspace(const Ranking&) -> workspace<Ranking>;

}  // namespace mlsd
