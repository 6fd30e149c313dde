#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/stats/histogram.hpp"

namespace mlsd {

/// How a reference column is cut into bins.
struct psi_bins {
  std::size_t numbers = 10;     ///< bins of equal reference mass for numbers
  std::size_t categories = 50;  ///< most frequent codes that have a bin of their own; the rest share one
  double least_share = 0.005;   ///< a code rarer than this in the reference goes to the rest
};

/// The bins of a reference column and its weight in each: saved with a model, it is all that `psi` needs.
/// Numbers: bins closed on the right, cut at type-7 quantiles of the reference (duplicates dropped), and a last bin
/// for missing (NaN). Codes: a bin for each frequent code, then one for all other codes, seen or not.
/// Making: O(n log n). Memory: 16 bytes a bin. Rows with weight NaN, infinite, negative or 0 are left out.
class psi_reference {
 public:
  psi_reference() = default;

  template <class = void> [[nodiscard]] static psi_reference from(std::span<const float> values, psi_bins bins = {}) {
    return from(values, {}, bins);
  }
  /// `weights`: as many as `values`, or none (all 1).
  template <class = void>
  [[nodiscard]] static psi_reference from(std::span<const float> values, std::span<const float> weights,
                                          psi_bins bins) {
    return from_numbers(values, weights, bins);
  }
  template <class = void> [[nodiscard]] static psi_reference from(std::span<const double> values, psi_bins bins = {}) {
    return from_numbers(values, std::span<const float>{}, bins);
  }
  template <class = void>
  [[nodiscard]] static psi_reference from(std::span<const std::uint32_t> codes, psi_bins bins = {}) {
    return from(codes, {}, bins);
  }
  template <class = void>
  [[nodiscard]] static psi_reference from(std::span<const std::uint32_t> codes, std::span<const float> weights,
                                          psi_bins bins) {
    assert(weights.empty() || weights.size() == codes.size());
    struct counted {
      std::uint32_t code;
      double weight;
    };
    std::vector<counted> rows;
    rows.reserve(codes.size());
    double total = 0, squared = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const double w = weights.empty() ? 1.0 : static_cast<double>(weights[i]);
      if (!(std::isfinite(w) && w > 0)) continue;
      rows.push_back({codes[i], w});
      total += w;
      squared += w * w;
    }
    std::stable_sort(rows.begin(), rows.end(), [](const counted& a, const counted& b) { return a.code < b.code; });
    std::vector<counted> distinct;
    for (const counted& r : rows) {
      if (distinct.empty() || distinct.back().code != r.code) distinct.push_back({r.code, 0});
      distinct.back().weight += r.weight;
    }
    std::stable_sort(distinct.begin(), distinct.end(),
                     [](const counted& a, const counted& b) { return a.weight > b.weight; });
    while (!distinct.empty() &&
           (distinct.size() > bins.categories || distinct.back().weight < bins.least_share * total))
      distinct.pop_back();
    std::sort(distinct.begin(), distinct.end(), [](const counted& a, const counted& b) { return a.code < b.code; });
    psi_reference r;
    r.categorical_ = true;
    double named = 0;
    r.weight_.clear();
    for (const counted& c : distinct) {
      r.codes_.push_back(c.code);
      r.weight_.push_back(c.weight);
      named += c.weight;
    }
    r.weight_.push_back(distinct.size() == count_distinct(rows) ? 0 : total - named);
    r.rows_ = squared > 0 ? total * (total / squared) : 0;
    return r;
  }

  /// The bin of a number; NaN has the last. No allocation.
  [[nodiscard]] std::size_t bin(double x) const noexcept { return std::isnan(x) ? bins() - 1 : edges_(x); }
  /// The bin of a code. O(log bins), no allocation.
  [[nodiscard]] std::size_t bin(std::uint32_t code) const noexcept {
    const auto at = std::lower_bound(codes_.begin(), codes_.end(), code);
    return at != codes_.end() && *at == code ? static_cast<std::size_t>(at - codes_.begin()) : codes_.size();
  }
  /// True: made from codes. False: made from numbers.
  [[nodiscard]] bool categorical() const noexcept { return categorical_; }
  [[nodiscard]] std::size_t bins() const noexcept { return weight_.size(); }
  /// Reference weight by bin [bins()].
  [[nodiscard]] std::span<const double> weight() const noexcept { return weight_; }
  /// Edges of the bins of numbers, ascending; empty for codes.
  [[nodiscard]] std::span<const double> edges() const noexcept { return edges_.edges(); }
  /// Codes with a bin of their own, ascending; empty for numbers.
  [[nodiscard]] std::span<const std::uint32_t> codes() const noexcept { return codes_; }
  [[nodiscard]] double effective_rows() const noexcept { return rows_; }

  friend bool operator==(const psi_reference&, const psi_reference&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("categorical", self.categorical_);
    ar("edges", self.edges_);
    ar("codes", self.codes_);
    ar("weight", self.weight_);
    ar("rows", self.rows_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = edges_.validate(); !ok) return ok;
    for (std::size_t i = 1; i < codes_.size(); ++i)
      if (!(codes_[i - 1] < codes_[i]))
        return error{errc::corrupt, "code " + std::to_string(i) + " is not above the one before"};
    if (categorical_ ? edges_.bins() != 1 : !codes_.empty())
      return error{errc::corrupt, "a reference has both edges and codes"};
    const std::size_t expected = categorical_ ? codes_.size() + 1 : edges_.bins() + 1;
    if (weight_.size() != expected)
      return error{errc::corrupt,
                   "a reference has " + std::to_string(weight_.size()) + " bins, not " + std::to_string(expected)};
    for (const double w : weight_)
      if (!(std::isfinite(w) && w >= 0)) return error{errc::corrupt, "a reference bin is negative or not finite"};
    if (!(std::isfinite(rows_) && rows_ >= 0))
      return error{errc::corrupt, "the effective rows of a reference are negative or not finite"};
    return {};
  }

 private:
  template <class Counted> static std::size_t count_distinct(const std::vector<Counted>& sorted) noexcept {
    std::size_t n = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) n += i == 0 || sorted[i - 1].code != sorted[i].code;
    return n;
  }
  template <class T>
  static psi_reference from_numbers(std::span<const T> values, std::span<const float> weights, psi_bins bins) {
    assert(bins.numbers >= 1 && (weights.empty() || weights.size() == values.size()));
    psi_reference r;
    histogram h(bin_edges::equal_mass(bins.numbers, sorted_sample::from(values, weights)));
    for (std::size_t i = 0; i < values.size(); ++i)
      h.update(static_cast<double>(values[i]), weights.empty() ? 1.0 : static_cast<double>(weights[i]));
    r.edges_ = h.edges();
    r.weight_.assign(h.cells().begin(), h.cells().end());
    r.rows_ = h.effective_rows();
    return r;
  }

  bool categorical_ = false;
  bin_edges edges_;
  std::vector<std::uint32_t> codes_;
  std::vector<double> weight_{0.0, 0.0};
  double rows_ = 0;
};

}  // namespace mlsd
