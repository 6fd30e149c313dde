#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/scoring/isotonic.hpp"
#include "mlsd/training/calibration_rows.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace mlsd {

/// Fits the non-decreasing map of least weighted squared error (and, of all such maps, of least log loss), by pooling
/// adjacent violators. Rows of one margin count as one, weights summed and labels averaged. O(n log n), O(n) memory.
/// Integer weights give the bits that repeating rows would.
/// `smoothing` guards the ends, where pure runs of one label would promise 0 or 1 and one contrary row would cost an
/// infinite log loss: the lowest and the highest margin each get so many positives and negatives more (1/2 is the
/// estimator of Krichevsky and Trofimov, of least worst-case log loss). 0 gives scikit-learn's map.
/// Sources: Ayer et al. (1955); Zadrozny and Elkan (2002); Krichevsky and Trofimov (1981).
struct isotonic {
  using map = isotonic_map;
  double smoothing = 0.5;

  template <class = void> [[nodiscard]] result<isotonic_map> fit(const calibration_rows& rows) const {
    if (!(smoothing >= 0 && smoothing <= 1e9))
      return error{errc::invalid_argument, "isotonic: smoothing must be in [0, 1e9]"};
    if (auto r = rows.check(); !r) return r.error();

    std::vector<block> group;  // rows of one margin
    for (const std::size_t i : rows.by_margin()) {
      const double m = rows.margin[i], w = rows.weight_of(i);
      if (group.empty() || group.back().last != m) group.push_back({m, m, 0, 0});
      group.back().weight += w;
      if (rows.label[i] == 1) group.back().positives += w;
    }
    for (block* end : {&group.front(), &group.back()}) {
      end->weight += 2 * smoothing;
      end->positives += smoothing;
    }
    std::vector<block> pooled;
    for (block b : group) {
      for (; !pooled.empty() && pooled.back().mean() >= b.mean(); pooled.pop_back()) b.take_in(pooled.back());
      pooled.push_back(b);
    }
    std::vector<double> x, y;
    for (const block& b : pooled) {
      x.push_back(b.first);
      y.push_back(b.mean());
      if (b.last == b.first) continue;
      x.push_back(b.last);
      y.push_back(b.mean());
    }
    return isotonic_map::make(std::move(x), std::move(y));
  }

 private:
  struct block {
    double first, last;  // margins
    double weight, positives;

    [[nodiscard]] double mean() const noexcept { return positives / weight; }
    void take_in(const block& left) noexcept {
      first = left.first;
      weight += left.weight;
      positives += left.positives;
    }
  };
};

}  // namespace mlsd
