#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/scoring/gbdt/forest.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/stats/gauss_legendre.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd {

/// What each column adds to a row's margin: the Shapley values of the game in which columns that are not known are left
/// to the shares that training rows had at every split (path-dependent TreeSHAP; Lundberg, Erion and Lee 2018).
/// Contributions and the expected margin add up to the margin, within 1e-12 of the greatest of them; where a model sums
/// in float, to the sum in double.
///
/// A leaf is reached by a product over the columns of its path: 1 or 0 where the column is known, a share where not.
/// The Shapley value of such a game is an integral over [0, 1] of a polynomial, so Gauss and Legendre's rule of half as
/// many points as a path has columns is exact, and its terms have one sign: no digits are lost in deep trees. O(splits
/// x points x leaf width) a row, no allocation, safe from any number of threads.
class gbdt_contributions {
 public:
  /// Deeper trees are refused: they are walked by recursion.
  static constexpr std::size_t most_levels = 1024;

  /// The memory of one call at a time.
  struct scratch {
    struct edge {
      double known = 1, share = 1;  ///< what its column and those like it above let through
      std::uint32_t above = 0;      ///< the level of the edge above that tests the same column; 0: none
    };
    std::vector<edge> edges{};             // [levels + 1]
    std::vector<double> products{};        // [levels + 1, points]
    std::vector<double> sums{};            // [levels + 1, leaf width, points]
    std::vector<std::uint32_t> edge_of{};  // [columns]: the level of the last edge on the path that tests it, or 0
  };

  /// Looks at a model, which must outlive this. Its covers must be known, and its leaves be no lines.
  /// O(splits x depth).
  template <class Engine> [[nodiscard]] static result<gbdt_contributions> build(const basic_gbdt_model<Engine>& model) {
    gbdt_contributions c;
    c.forest_ = &model.forest();
    c.scale_ = model.scale();
    if (!c.forest_->has_covers() && c.forest_->trees() != 0)
      return error{errc::invalid_argument, "contributions need the covers of splits, which the model does not have"};
    if (c.forest_->has_lines())
      return error{errc::invalid_argument, "contributions are not defined for leaves that are lines"};
    for (std::size_t t = 0; t < c.forest_->trees(); ++t)  // below the root, no row may come by
      if (c.forest_->splits_of(t) != 0 && c.forest_->cover(c.forest_->first_split(t)) == 0)
        return error{errc::invalid_argument, "contributions need the covers of splits, and one is unknown"};
    for (std::size_t k = 0; k < model.outputs(); ++k) c.expected_.push_back(model.base(k));
    for (std::size_t t = 0; t < model.trees(); ++t)
      if (auto ok = c.measure(t); !ok) return ok.error();
    return c;
  }

  [[nodiscard]] std::size_t outputs() const noexcept { return expected_.size(); }
  [[nodiscard]] std::size_t width() const noexcept { return forest_->number_columns() + forest_->code_columns(); }
  /// The mean margin of the training rows.
  [[nodiscard]] double expected(std::size_t k = 0) const noexcept { return expected_[k]; }

  template <class = void> [[nodiscard]] scratch make_scratch() const {
    const std::size_t points = rules_.empty() ? 0 : rules_.size() - 1;
    return {.edges = std::vector<scratch::edge>(levels_ + 1),
            .products = std::vector<double>((levels_ + 1) * points),
            .sums = std::vector<double>((levels_ + 1) * points * forest_->leaf_width()),
            .edge_of = std::vector<std::uint32_t>(width())};
  }

  /// The contributions of a row; `out` [outputs(), width() + 1]: of every column, and last the expected margin.
  template <class = void> void operator()(const mixed_row& x, std::span<double> out, scratch& s) const noexcept {
    (*this)([&](std::size_t j) { return x.numbers[j]; }, [&](std::size_t j) { return x.codes[j]; }, out, s);
  }
  /// The same for a row whose values `number(j)`, a float or a double, and `code(j)` give.
  template <class Number, class Code>
  void operator()(Number&& number, Code&& code, std::span<double> out, scratch& s) const noexcept {
    assert(out.size() == outputs() * (width() + 1) && s.edges.size() == levels_ + 1 && s.edge_of.size() == width());
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t t = 0; t < forest_->trees(); ++t) {
      if (forest_->splits_of(t) == 0) continue;
      const auto goes_left = [&](std::size_t split) { return forest_->goes_left(split, number, code); };
      const walk<decltype(goes_left)> w{*forest_, t, rules_[points_[t]], goes_left, out, s};
      std::fill_n(s.products.begin(), points_[t], 1.0);
      w.visit(0, 0);
    }
    for (std::size_t k = 0; k < outputs(); ++k) {
      const auto of_output = out.subspan(k * (width() + 1), width() + 1);
      for (double& v : of_output) v *= scale_;
      of_output.back() = expected_[k];
    }
  }

 private:
  /// Of the rows that a split sees, the share that goes left.
  template <class = void>
  [[nodiscard]] static double share_left(const gbdt_forest& forest, std::size_t tree, std::size_t split) noexcept {
    const double left = cover_of(forest, tree, forest.left(split)), right = cover_of(forest, tree, forest.right(split));
    return left + right > 0 ? left / (left + right) : 0.5;
  }
  template <class = void>
  [[nodiscard]] static double cover_of(const gbdt_forest& forest, std::size_t tree, std::int32_t child) noexcept {
    return child < 0 ? forest.leaf_cover(tree, static_cast<std::size_t>(~child))
                     : forest.cover(forest.first_split(tree) + static_cast<std::size_t>(child));
  }

  /// One row in one tree. At level l, `products` are over the columns of the path so far, and `sums` over the leaves
  /// below it, of value x product; both for every point of the rule.
  template <class GoesLeft> struct walk {
    const gbdt_forest& forest;
    std::size_t tree;
    const quadrature& rule;
    const GoesLeft& goes_left;
    std::span<double> out;
    scratch& memory;

    [[nodiscard]] std::size_t points() const noexcept { return rule.points.size(); }
    [[nodiscard]] double* products(std::size_t level) const noexcept { return &memory.products[level * points()]; }
    [[nodiscard]] double* sums(std::size_t level) const noexcept {
      return &memory.sums[level * points() * forest.leaf_width()];
    }

    MLSD_UNCONTRACTED void visit(std::int32_t node, std::uint32_t level) const noexcept {
      double* const sum = sums(level);
      if (node < 0) {
        for (std::size_t k = 0; k < forest.leaf_width(); ++k) {
          const double value = forest.leaf(tree, static_cast<std::size_t>(~node), k);
          for (std::size_t q = 0; q < points(); ++q) sum[k * points() + q] = value * products(level)[q];
        }
        return;
      }
      std::fill_n(sum, points() * forest.leaf_width(), 0.0);
      const std::size_t split = forest.first_split(tree) + static_cast<std::size_t>(node);
      const bool left = goes_left(split);
      const double share = share_left(forest, tree, split);
      follow(split, forest.left(split), left ? 1.0 : 0.0, share, level);
      follow(split, forest.right(split), left ? 0.0 : 1.0, 1 - share, level);
    }

    /// Down an edge, and back up with what its column adds at the leaves below. What an edge above said of the same
    /// column does not hold for these leaves, and is taken back.
    MLSD_UNCONTRACTED void follow(std::size_t split, std::int32_t child, double known, double share,
                                  std::uint32_t level) const noexcept {
      std::uint32_t& last = memory.edge_of[forest.feature(split)];
      const scratch::edge above = last == 0 ? scratch::edge{} : memory.edges[last];
      const scratch::edge here{above.known * known, above.share * share, last};
      if (here.known == 0 && here.share == 0) return;  // no row comes here
      for (std::size_t q = 0; q < points(); ++q)
        products(level + 1)[q] = products(level)[q] / passes(above, q) * passes(here, q);
      memory.edges[level + 1] = here;
      last = level + 1;
      visit(child, level + 1);
      last = here.above;
      const double* const below = sums(level + 1);
      double* const sum = sums(level);
      for (std::size_t k = 0; k < forest.leaf_width(); ++k) {
        const double added = integral(below + k * points(), here) - integral(below + k * points(), above);
        const std::size_t columns = forest.number_columns() + forest.code_columns() + 1;
        out[(forest.output(tree) + k) * columns + forest.feature(split)] += added;
        for (std::size_t q = 0; q < points(); ++q) sum[k * points() + q] += below[k * points() + q];
      }
    }

    /// What a column lets through where it is known with the chance that is the point.
    MLSD_UNCONTRACTED [[nodiscard]] double passes(const scratch::edge& e, std::size_t q) const noexcept {
      MLSD_CONTRACT_OFF
      return rule.points[q] * e.known + (1 - rule.points[q]) * e.share;
    }
    /// What knowing the column adds to the values of the leaves below.
    MLSD_UNCONTRACTED [[nodiscard]] double integral(const double* below, const scratch::edge& e) const noexcept {
      MLSD_CONTRACT_OFF
      if (e.known == e.share) return 0;
      double sum = 0;
      for (std::size_t q = 0; q < points(); ++q) sum += rule.weights[q] * (below[q] / passes(e, q));
      return (e.known - e.share) * sum;
    }
  };

  /// Takes up the depth of a tree, the columns of its longest path and its expected values.
  template <class = void> MLSD_UNCONTRACTED [[nodiscard]] result<void> measure(std::size_t tree) {
    MLSD_CONTRACT_OFF
    struct place {
      std::int32_t parent = -1;
      std::uint32_t level = 0, columns = 0;
      double share = 1;
    };
    const std::size_t n = forest_->splits_of(tree), first = forest_->first_split(tree);
    std::vector<place> places(n);
    std::uint32_t most_columns = 0;
    if (n == 0) expect(tree, 0, 1);
    for (std::size_t s = 0; s < n; ++s) {
      place& p = places[s];
      if (p.level >= most_levels)
        return error{errc::capacity, "contributions: tree " + std::to_string(tree) + " is deeper than 1024 levels"};
      std::int32_t above = p.parent;
      while (above >= 0 && forest_->feature(first + static_cast<std::size_t>(above)) != forest_->feature(first + s))
        above = places[static_cast<std::size_t>(above)].parent;
      const std::uint32_t columns = p.columns + (above < 0 ? 1u : 0u);
      most_columns = (std::max)(most_columns, columns);
      levels_ = (std::max)(levels_, std::size_t{p.level} + 1);
      const double left = share_left(*forest_, tree, first + s);
      for (const bool is_left : {true, false}) {
        const std::int32_t child = is_left ? forest_->left(first + s) : forest_->right(first + s);
        const double share = p.share * (is_left ? left : 1 - left);
        if (child < 0)
          expect(tree, static_cast<std::size_t>(~child), share);
        else
          places[static_cast<std::size_t>(child)] = {static_cast<std::int32_t>(s), p.level + 1, columns, share};
      }
    }
    const std::size_t points = (std::max)((std::size_t{most_columns} + 1) / 2, std::size_t{1});
    points_.push_back(static_cast<std::uint32_t>(points));
    if (rules_.size() <= points) rules_.resize(points + 1);
    if (rules_[points].points.empty()) rules_[points] = gauss_legendre(points);
    return {};
  }
  template <class = void> MLSD_UNCONTRACTED void expect(std::size_t tree, std::size_t leaf, double share) {
    MLSD_CONTRACT_OFF
    for (std::size_t k = 0; k < forest_->leaf_width(); ++k)
      expected_[forest_->output(tree) + k] += scale_ * (share * forest_->leaf(tree, leaf, k));
  }

  const gbdt_forest* forest_ = nullptr;
  double scale_ = 1;
  std::vector<double> expected_;       // [outputs]
  std::vector<quadrature> rules_;      // by the number of points; empty where no tree needs it
  std::vector<std::uint32_t> points_;  // [trees]
  std::size_t levels_ = 0;             // splits on the longest path
};

}  // namespace mlsd
