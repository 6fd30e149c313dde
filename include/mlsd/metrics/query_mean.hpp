#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "mlsd/core/result.hpp"
#include "mlsd/metrics/interval.hpp"
#include "mlsd/metrics/ranked_query.hpp"
#include "mlsd/stats/weighted_mean.hpp"

namespace mlsd {

/// The mean over queries of a figure of each: `query_mean quality{ndcg<dcg_gain::exponential>{.k = 10}}`. A figure may
/// be one of yours: a regular aggregate that a `ranked_query` goes into (`query_figure`).
/// Update: what the figure costs; from scores and labels it sorts, and allocates: keep a `ranked_query` to save both.
/// Merge: O(1), value within 2 ulp however the queries are sharded; figures must be equal, or one side empty.
/// Queries without a relevant item have no figure: `without_relevant()` counts them, and they are left out of the mean
/// (trec_eval and scikit-learn score them 0, LightGBM 1). Unusable queries, and weights that are NaN, infinite or
/// negative, are counted by `skipped()`. No query: NaN.
/// Weights move the mean as copies of the query would; errors take each query as one draw with a fixed weight.
template <query_figure Figure> class query_mean {
 public:
  static constexpr bool greater_is_better = true;  ///< so that training may stop early by it

  query_mean() = default;
  explicit query_mean(Figure figure) : figure_(std::move(figure)) {}

  void update(const ranked_query& query, double weight = 1) noexcept {
    if (query.usable())
      add(figure_(query), weight);
    else
      mean_.skip();
  }
  /// scores, labels [n].
  void update(std::span<const float> scores, std::span<const float> labels, double weight = 1) {
    update(ranked_query::of(scores, labels), weight);
  }
  void update(std::span<const double> scores, std::span<const float> labels, double weight = 1) {
    update(ranked_query::of(scores, labels), weight);
  }
  /// For a query with one right item: where it stood, 1 for the first place, 0 where it was not retrieved. O(1).
  void update(std::size_t rank, double weight = 1) noexcept
    requires requires(const Figure& f) { f.at_rank(std::size_t{}); }
  {
    add(figure_.at_rank(rank), weight);
  }
  void merge(const query_mean& other) noexcept {
    if (is_empty()) figure_ = other.is_empty() ? figure_ : other.figure_;
    assert(other.is_empty() || figure_ == other.figure_);
    mean_.merge(other.mean_);
    without_relevant_ += other.without_relevant_;
  }

  [[nodiscard]] double value() const noexcept { return mean_.value(); }
  /// Interval of Student's t with (effective queries - 1) degrees, cut to [0, 1]. Below two queries the error is NaN.
  /// Queries of one user are not independent draws: average them first.
  template <class = void> [[nodiscard]] estimate with_interval(double level = 0.95) const noexcept {
    estimate e{.value = value(), .standard_error = mean_.standard_error(), .ci = {.level = level}};
    const double degrees = mean_.effective_rows() - 1;
    const double half = (degrees >= 1 ? student_t(degrees, level) : std::nan("")) * e.standard_error;
    e.ci = interval{e.value - half, e.value + half, level}.within(0, 1);
    return e;
  }
  [[nodiscard]] const Figure& figure() const noexcept { return figure_; }
  /// Queries in the mean.
  [[nodiscard]] std::uint64_t queries() const noexcept { return mean_.rows(); }
  [[nodiscard]] std::uint64_t without_relevant() const noexcept { return without_relevant_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return mean_.skipped(); }

  friend bool operator==(const query_mean&, const query_mean&) = default;

  static constexpr std::string_view type_name = "query_mean";
  static constexpr std::uint32_t version = 1;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("figure", self.figure_);
    ar("mean", self.mean_);
    ar("without_relevant", self.without_relevant_);
  }

 private:
  [[nodiscard]] bool is_empty() const noexcept {
    return mean_.rows() == 0 && mean_.skipped() == 0 && without_relevant_ == 0;
  }
  void add(double x, double weight) noexcept {
    if (std::isnan(x))
      ++without_relevant_;
    else
      mean_.update(x, weight);
  }

  Figure figure_{};
  weighted_mean mean_;
  std::uint64_t without_relevant_ = 0;
};

}  // namespace mlsd
