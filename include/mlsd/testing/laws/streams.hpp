#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/broken.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mlsd::laws {

/// One write, for `never_sees_later_writes`.
template <class S> struct store_write {
  typename S::key_type key{};
  typename S::row_type row{};
  timestamp time{};
};

/// After each write in turn, a store asked for any key at any of the times, or one millisecond beside them, returns
/// only rows that were written for that key at that time or before, and says `no_key` for keys it never saw. Rows
/// compare with `==`; `writes` come in the order of time. O(writes cubed).
template <store S> [[nodiscard]] result<void> never_sees_later_writes(S s, std::span<const store_write<S>> writes) {
  for (std::size_t n = 0; n < writes.size(); ++n) {
    s.put(writes[n].key, writes[n].row, writes[n].time);
    for (std::size_t k = 0; k < writes.size(); ++k)
      for (std::size_t at = 0; at < writes.size(); ++at)
        for (const std::int64_t beside : {-1, 0, 1}) {
          const timestamp t{writes[at].time.ms + beside};
          const auto found = s.as_of(writes[k].key, t);
          bool is_known = false, was_written = false;
          for (const auto& w : writes.first(n + 1)) {
            if (!(w.key == writes[k].key)) continue;
            is_known = true;
            was_written |= w.time <= t && w.row == found.row;
          }
          const std::string where = "after write " + std::to_string(n) + ", key of write " + std::to_string(k) +
                                    " at " + std::to_string(t.ms) + " ms";
          if (found && !was_written) return broken("as_of never sees later writes", where);
          if (!is_known && found.reason != absence::no_key) return broken("an unknown key is no_key", where);
        }
  }
  return {};
}

/// How often a detector may cry wolf.
struct null_stream {
  std::size_t runs = 200, length = 500;
  double false_alarms = 0.05;  ///< the share of runs with an alarm that the detector promises at most
  std::uint64_t seed = 1;
};

/// On streams without change a detector alarms in no more runs than it promises, within 4 standard errors.
/// `draw(random)` gives a sample from a `random_stream`. Deterministic.
template <class Detector, class Draw>
[[nodiscard]] result<void> keeps_quiet_under_null(const Detector& fresh, const null_stream& null, Draw&& draw) {
  std::size_t alarms = 0;
  for (std::size_t run = 0; run < null.runs; ++run) {
    Detector d = fresh;
    random_stream random(null.seed, run);
    bool alarmed = false;
    for (std::size_t i = 0; i < null.length && !alarmed; ++i)
      alarmed = static_cast<bool>(d.update(draw(random)).drifted);
    alarms += alarmed;
  }
  const auto runs = static_cast<double>(null.runs);
  const double allowed =
      null.false_alarms * runs + 4 * std::sqrt(runs * null.false_alarms * (1 - null.false_alarms)) + 1e-9;
  if (static_cast<double>(alarms) <= allowed) return {};
  return broken("false alarms under the null", std::to_string(alarms) + " of " + std::to_string(null.runs) +
                                                   " runs, promised " + digits(null.false_alarms));
}

}  // namespace mlsd::laws
