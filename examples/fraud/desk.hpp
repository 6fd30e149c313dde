/// The people who look at cases: so many a day, the most urgent first. They work four times as fast as cases should
/// come, and go home when the day's looks are done.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"
#include "mlsd/serve/review.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
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
  template <class Look> void work_until(mlsd::timestamp now, Look&& look) {
    for (; next_ < now; next_ += pace_) {
      if (next_ - day_ >= mlsd::days(1)) day_ += mlsd::days(1), done_ = 0;
      for (auto a = done_ < a_day_ ? queue_.next() : std::nullopt; a; a = queue_.next()) {
        const bool is_stale = next_ - a->subject.since > mlsd::days(1);
        queue_.answer(a->ticket, !is_stale, [&](const waiting& w, bool in_time) {
          if (in_time) look(w.charge, next_);
        });
        done_ += !is_stale;
        if (!is_stale) break;
      }
    }
  }

 private:
  struct waiting {
    std::size_t charge = 0;
    mlsd::timestamp since{};
  };
  desk(mlsd::review_queue<waiting> queue, std::size_t looks_a_day, mlsd::timestamp opens)
      : queue_(std::move(queue)),
        a_day_(looks_a_day),
        day_(opens),
        next_(opens),
        pace_{mlsd::days(1).ms / static_cast<std::int64_t>(4 * (std::max)(looks_a_day, std::size_t{1}))} {}

  mlsd::review_queue<waiting> queue_;
  std::size_t a_day_, done_ = 0;
  mlsd::timestamp day_, next_;
  mlsd::duration pace_;
};

}  // namespace fraud
