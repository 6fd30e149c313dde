#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/training/gbdt/leaf_values.hpp"
#include "mlsd/training/gbdt/linear_leaves.hpp"
#include "mlsd/training/gbdt/tree_grower.hpp"
#include "mlsd/training/gbdt/tree_walk.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mlsd::detail {

/// The margins of one output while its trees grow: of the training rows [n], and of the validation rows if there are
/// any. 8 bytes a row; 8 more a training row in a forest.
template <class = void> class output_margins {
 public:
  /// In a forest (`averaged`) the trees do not see each other.
  output_margins(const training_rows& data, const labelled_rows& validation, bool averaged)
      : data_(data), validation_(validation), averaged_(averaged) {}

  /// All rows at the base.
  void start(double base) {
    base_ = base;
    training_.assign(data_.size(), base);
    if (averaged_) at_base_ = training_;
    if (validation_) of_validation_.assign(validation_.rows(), base);
  }
  [[nodiscard]] std::span<const double> training() const noexcept { return training_; }
  [[nodiscard]] std::span<const double> validation() const noexcept { return of_validation_; }
  /// Where slopes are taken, by training row.
  [[nodiscard]] std::span<const double> point() const noexcept { return averaged_ ? at_base_ : training_; }

  /// A margin as the model would give it, were it finished now, with so many trees.
  [[nodiscard]] double finished(double margin, std::size_t trees) const noexcept {
    return averaged_ && trees != 0 ? base_ + (margin - base_) / static_cast<double>(trees) : margin;
  }
  /// All of them; `room` is memory for them.
  [[nodiscard]] std::span<const double> finished(std::span<const double> margins, std::size_t trees,
                                                 std::vector<double>& room) const {
    if (!averaged_) return margins;
    room.assign(margins.begin(), margins.end());
    for (double& m : room) m = finished(m, trees);
    return room;
  }

  /// Adds the tree that `grower` grew last: `rows` are sorted by its leaves already, all others are walked.
  template <executor Ex>
  void advance(const gbdt_tree& tree, const tree_grower<>& grower, std::span<const std::uint32_t> rows, Ex& ex) {
    const bool seen_by_all = rows.size() == data_.size();
    gbdt_forest forest;
    if (!tree.lines.empty() || !seen_by_all || validation_) forest = alone(tree);
    const auto rows_of = rows_by_leaf(grower, rows);
    if (tree.lines.empty()) {
      ex.for_each_index(grower.leaves(), [&](std::size_t l) {
        for (const std::uint32_t row : rows_of(l)) training_[row] += tree.leaves[l];
      });
    } else {
      advance_lines(forest, grower.leaves(), rows_of, ex);
    }
    if (!seen_by_all) {
      grown_.assign(data_.size(), 0);
      for (const std::uint32_t row : rows) grown_[row] = 1;
      add_tree(training_, forest, data_.x(), 1, ex, grown_);
    }
    if (validation_) add_tree(of_validation_, forest, validation_.x, 1, ex);
  }
  /// Adds a tree, or with sign -1 takes it away, without knowing where its rows are.
  template <executor Ex> void add(const gbdt_tree& tree, double sign, Ex& ex) {
    const gbdt_forest forest = alone(tree);
    add_tree(training_, forest, data_.x(), sign, ex);
    if (validation_) add_tree(of_validation_, forest, validation_.x, sign, ex);
  }
  /// Adds a tree without lines to the training rows, where `leaf[row]` is the leaf of each.
  void add(const gbdt_tree& tree, std::span<const std::uint32_t> leaf) noexcept {
    for (std::size_t i = 0; i < training_.size(); ++i) training_[i] += tree.leaves[leaf[i]];
  }
  /// Of each training row in a tree [n]; `leaf` is memory for them.
  template <executor Ex> void find_leaves(const gbdt_tree& tree, std::vector<std::uint32_t>& leaf, Ex& ex) const {
    leaf.resize(data_.size());
    for_each_leaf(alone(tree), data_.x(), ex,
                  [&](std::size_t i, std::size_t l) { leaf[i] = static_cast<std::uint32_t>(l); });
  }

 private:
  /// Rows of lines are dense.
  template <class Rows, executor Ex>
  void advance_lines(const gbdt_forest& forest, std::size_t leaves, const Rows& rows_of, Ex& ex) {
    const mixed_columns& x = data_.x().columns();
    for_each_chunk(ex, leaves, leaves_at_once(leaves, ex.concurrency()), [&](std::size_t a, std::size_t b) {
      for_each_stretch(a, b, rows_of, [&](std::size_t l, std::span<const std::uint32_t> some) {
        for (const std::uint32_t row : some) training_[row] += leaf_value_of(forest, l, x, row);
      });
    });
  }
  /// The tree as a model of one output, whichever it is of.
  [[nodiscard]] gbdt_forest alone(const gbdt_tree& tree) const {
    return forest_of(static_cast<std::uint32_t>(data_.x().number_columns()),
                     static_cast<std::uint32_t>(data_.x().code_columns()), tree);
  }

  training_rows data_;
  labelled_rows validation_;
  bool averaged_;
  double base_ = 0;
  std::vector<double> training_, of_validation_, at_base_;
  std::vector<std::uint8_t> grown_;
};

}  // namespace mlsd::detail
