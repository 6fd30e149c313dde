#pragma once

#include "mlsd/fwd.hpp"

#include <cstdint>

namespace mlsd {

/// An item and how good it is: what retrievers, rankers and re-rankers pass on. Higher is better.
template <class Id> struct scored {
  Id id{};
  float score = 0;

  friend constexpr bool operator==(const scored&, const scored&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("id", self.id);
    ar("score", self.score);
  }
};
template <class Id> scored(Id, float) -> scored<Id>;

/// The order of every ranked list of what has a score and an id (`scored`, `hit`, `candidate`): highest score first,
/// ties by lower id, NaN after all numbers (NaNs by id). A strict weak order, also with NaN, so it is safe in sorts and
/// heaps: `std::sort(hits.begin(), hits.end(), best_first{})`. Two items with different ids are never equivalent: the
/// order is total and repeatable.
struct best_first {
  template <class T>
    requires requires(const T& t) {
      t.score;
      t.id;
    }
  [[nodiscard]] constexpr bool operator()(const T& a, const T& b) const noexcept {
    if (a.score > b.score) return true;
    if (a.score < b.score) return false;
    const bool a_is_nan = a.score != a.score, b_is_nan = b.score != b.score;
    return a_is_nan == b_is_nan ? a.id < b.id : b_is_nan;
  }
};

}  // namespace mlsd
