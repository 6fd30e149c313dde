/// The people who look at cases: so many a day, the most urgent first, evenly over day and night.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/serve/review.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace fraud {

class desk {
 public:
  [[nodiscard]] static mlsd::result<desk> make(std::size_t looks_a_day, mlsd::timestamp opens) {
    auto queue = mlsd::review_queue<waiting>::make((std::max)(looks_a_day, std::size_t{1}));
    if (!queue) return queue.error();
    return desk(std::move(*queue), looks_a_day, opens);
  }

  void offer(std::size_t charge, double urgency, mlsd::timestamp now) noexcept { queue_.offer({charge, now}, urgency); }

  /// All looks that are due before `now`: `look(charge, when)`. A charge that waited for a day is let go unseen.
  template <class Look>
  void work_until(mlsd::timestamp now, Look&& look) {
    for (; next_ < now; next_ += pace_)
      for (auto a = queue_.next(); a; a = queue_.next()) {
        const bool is_stale = next_ - a->subject.since > mlsd::days(1);
        queue_.answer(a->ticket, !is_stale, [&](const waiting& w, bool in_time) {
          if (in_time) look(w.charge, next_);
        });
        if (!is_stale) break;
      }
  }

 private:
  struct waiting {
    std::size_t charge = 0;
    mlsd::timestamp since{};
  };
  desk(mlsd::review_queue<waiting> queue, std::size_t looks_a_day, mlsd::timestamp opens)
      : queue_(std::move(queue)),
        next_(opens),
        pace_{mlsd::days(1).ms / static_cast<std::int64_t>((std::max)(looks_a_day, std::size_t{1}))} {}

  mlsd::review_queue<waiting> queue_;
  mlsd::timestamp next_;
  mlsd::duration pace_;
};

}  // namespace fraud
