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
#include "mlsd/stats/quantile.hpp"

namespace mlsd {

/// Cuts the number line at k edges into k + 1 bins, each closed on the right:
/// (-inf, e0], (e0, e1], ..., (e_last, +inf). No edges: one bin. An infinite edge is allowed.
class bin_edges {
 public:
  bin_edges() = default;
  /// Requires strictly ascending edges without NaN (`validate` says whether).
  explicit bin_edges(std::vector<double> edges) : edges_(std::move(edges)) { assert(validate().has_value()); }

  /// `bins` bins from `lower` to `upper` of equal width; values outside fall in the first and the last.
  template <class = void>
  [[nodiscard]] static bin_edges equal_width(std::size_t bins, std::pair<double, double> range) {
    assert(bins >= 1 && range.first < range.second);
    std::vector<double> edges;
    for (std::size_t b = 1; b < bins; ++b) {
      const double t = static_cast<double>(b) / static_cast<double>(bins);
      const double edge = range.first + t * (range.second - range.first);
      if (edges.empty() || edge > edges.back()) edges.push_back(edge);
    }
    return bin_edges(std::move(edges));
  }
  /// Edges at the quantiles 1 / bins, 2 / bins, ... of the sample, duplicates dropped: at most `bins` bins, fewer
  /// where one value holds more than a share of 1 / bins. An empty sample has one bin.
  template <class = void> [[nodiscard]] static bin_edges equal_mass(std::size_t bins, const sorted_sample& sample) {
    assert(bins >= 1);
    std::vector<double> edges;
    for (std::size_t b = 1; b < bins && sample.rows() > 0; ++b) {
      const double edge = sample.quantile(static_cast<double>(b) / static_cast<double>(bins));
      if (edges.empty() || edge > edges.back()) edges.push_back(edge);
    }
    return bin_edges(std::move(edges));
  }

  /// The bin of a number that is not NaN. O(k) without branches up to 16 edges, O(log k) beyond.
  [[nodiscard]] std::size_t operator()(double x) const noexcept {
    if (edges_.size() > 16)
      return static_cast<std::size_t>(std::lower_bound(edges_.begin(), edges_.end(), x) - edges_.begin());
    std::size_t bin = 0;
    for (const double edge : edges_) bin += static_cast<std::size_t>(edge < x);
    return bin;
  }
  [[nodiscard]] std::size_t bins() const noexcept { return edges_.size() + 1; }
  [[nodiscard]] std::span<const double> edges() const noexcept { return edges_; }

  friend bool operator==(const bin_edges&, const bin_edges&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("edges", self.edges_); }
  [[nodiscard]] result<void> validate() const {
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (std::isnan(edges_[i]) || (i > 0 && !(edges_[i - 1] < edges_[i])))
        return error{errc::corrupt, "bin edge " + std::to_string(i) + " is not above the one before"};
    return {};
  }

 private:
  std::vector<double> edges_;
};

/// Weight of a stream of numbers by bin, for edges fixed in advance. Bins [bins()], plus one for missing (NaN).
/// Update: the look-up of `bin_edges`, no allocation. Merge: O(bins); requires the same edges, or one side that has
/// seen nothing: it is the identity, whatever its edges. Exact, and so associative, while sums of weights are integers
/// below 2^53; else within n ulp.
/// Weights that are NaN, infinite or negative are counted by `skipped()` and left out.
class histogram {
 public:
  histogram() : histogram(bin_edges{}) {}
  explicit histogram(bin_edges edges) : edges_(std::move(edges)), weight_(edges_.bins() + 1, 0.0) {}

  void update(double x, double weight = 1) noexcept {
    if (!(std::isfinite(weight) && weight >= 0)) {
      ++skipped_;
      return;
    }
    weight_[std::isnan(x) ? edges_.bins() : edges_(x)] += weight;
    squared_ += weight * weight;
    ++rows_;
  }
  template <class = void> void merge(const histogram& other) {
    if (other.rows_ == 0) {
      skipped_ += other.skipped_;
      return;
    }
    if (rows_ == 0) {
      const std::uint64_t skipped = skipped_;
      *this = other;
      skipped_ += skipped;
      return;
    }
    assert(edges_ == other.edges_);
    for (std::size_t b = 0; b < weight_.size(); ++b) weight_[b] += other.weight_[b];
    squared_ += other.squared_;
    rows_ += other.rows_;
    skipped_ += other.skipped_;
  }

  /// Weight by bin [bins()].
  [[nodiscard]] std::span<const double> value() const noexcept { return {weight_.data(), edges_.bins()}; }
  [[nodiscard]] double missing() const noexcept { return weight_.back(); }
  /// Weight by bin, missing last [bins() + 1].
  [[nodiscard]] std::span<const double> cells() const noexcept { return weight_; }
  /// Of all rows, missing ones included.
  [[nodiscard]] double weight() const noexcept {
    double sum = 0;
    for (const double w : weight_) sum += w;
    return sum;
  }
  /// Rows of equal weight that would say as much (Kish 1965): (sum w)^2 / sum w^2.
  [[nodiscard]] double effective_rows() const noexcept { return squared_ > 0 ? weight() * (weight() / squared_) : 0; }
  [[nodiscard]] const bin_edges& edges() const noexcept { return edges_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

  friend bool operator==(const histogram&, const histogram&) = default;

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("edges", self.edges_);
    ar("weight", self.weight_);
    ar("squared", self.squared_);
    ar("rows", self.rows_);
    ar("skipped", self.skipped_);
  }
  template <class = void> [[nodiscard]] result<void> validate() const {
    if (auto ok = edges_.validate(); !ok) return ok;
    if (weight_.size() != edges_.bins() + 1)
      return error{errc::corrupt, "a histogram of " + std::to_string(edges_.bins()) + " bins has " +
                                      std::to_string(weight_.size()) + " cells"};
    for (const double w : weight_)
      if (!(std::isfinite(w) && w >= 0)) return error{errc::corrupt, "a histogram cell is negative or not finite"};
    if (!(std::isfinite(squared_) && squared_ >= 0))
      return error{errc::corrupt, "a histogram's sum of squared weights is negative or not finite"};
    return {};
  }

 private:
  bin_edges edges_;
  std::vector<double> weight_;
  double squared_ = 0;
  std::uint64_t rows_ = 0, skipped_ = 0;
};

}  // namespace mlsd
