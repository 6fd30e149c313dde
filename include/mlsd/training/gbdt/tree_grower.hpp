#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/scoring/gbdt/tree.hpp"
#include "mlsd/training/gbdt/binned_matrix.hpp"
#include "mlsd/training/gbdt/histogram.hpp"
#include "mlsd/training/gbdt/node_histograms.hpp"
#include "mlsd/training/gbdt/row_partition.hpp"
#include "mlsd/training/gbdt/split_search.hpp"
#include "mlsd/training/gbdt/symmetric_growth.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace mlsd {

/// How a tree grows: the best leaf first; level by level; or with one split a level, which all its nodes share.
enum class tree_growth : std::uint8_t { leaf_wise, depth_wise, symmetric };

namespace detail {

/// Shape and step of one tree; the fields of the trainer of the same names.
struct growth_rules {
  std::size_t leaves = 31;
  std::uint32_t max_depth = 0;
  double learning_rate = 0.1;
  tree_growth growth = tree_growth::leaf_wise;
  gbdt_test number_test = gbdt_test::number;
  split_rules split{};
  std::span<const std::int8_t> monotone{};                         // by column, of the first ones
  std::span<const std::span<const std::uint32_t>> interactions{};  // groups of columns; empty: all together
};

/// Grows one tree after another over the same binned rows. Buffers live as long as the grower.
/// Work is divided by blocks of features and pieces of rows, and every sum is exact, so the tree does not depend on the
/// number of threads.
template <class = void> class tree_grower {
 public:
  struct leaf {
    std::size_t first = 0, last = 0;  // its rows, in `rows()`
    double value = 0;
  };

  tree_grower(const binned_matrix& x, const growth_rules& rules) : x_(x), rules_(rules), histograms_(x) {
    for (const auto& f : x.features()) groups_.push_back(groups_of(f.column));
  }

  /// The tree that best follows the slopes of `rows` (ascending); `slopes[i]` belongs to `rows[i]`. The rows are
  /// reordered. `allowed[f]` says which features of the binned matrix may split.
  template <executor Ex>
  [[nodiscard]] gbdt_tree grow(std::vector<std::uint32_t>& rows, const std::vector<row_slope>& slopes,
                               const slope_scale& scale, std::span<const std::uint8_t> allowed, Ex& ex) {
    rows_ = rows;
    root_slopes_ = slopes;
    scale_ = &scale;
    allowed_ = allowed;
    number_slopes_by_row();
    tree_ = {};
    leaves_.clear();
    histograms_.start_tree(scale);

    node root;
    root.out.last = rows.size();
    root.total = reduce_chunks<slope_sum>(
        ex, slopes.size(), chunk_rows,
        [&](std::size_t a, std::size_t b) {
          slope_sum sum;
          for (std::size_t i = a; i < b; ++i) sum = sum + scale.widen(slopes[i]);
          return sum;
        },
        [](slope_sum& into, const slope_sum& from) { into = into + from; });
    set_value(root, rules_.split.l2, {});
    leaves_.push_back(root);
    if (rules_.growth == tree_growth::symmetric) {
      symmetric_growth<tree_grower> (*this)(ex);
    } else {
      grow_leaves(ex);
    }
    tree_.leaves.resize(leaves_.size());
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      tree_.leaves[i] = leaves_[i].out.value;
      tree_.leaf_covers.push_back(static_cast<double>(leaves_[i].rows()));
    }
    return std::move(tree_);
  }

  /// Leaf i of the last tree: its value and its rows.
  [[nodiscard]] std::size_t leaves() const noexcept { return leaves_.size(); }
  [[nodiscard]] const leaf& operator[](std::size_t i) const noexcept { return leaves_[i].out; }

 private:
  friend class symmetric_growth<tree_grower>;
  static constexpr std::size_t none = ~std::size_t{0};
  static constexpr std::size_t chunk_rows = 16384;

  struct node {
    leaf out{};
    slope_sum total{};
    double says = 0;                           // its value before the learning rate
    leaf_limits limits{};                      // of it and of what is below
    std::uint64_t groups = ~std::uint64_t{0};  // of columns that may still meet
    split_candidate best{};
    std::size_t histogram = none;
    std::size_t parent = none;  // the split above
    std::uint32_t depth = 0;
    bool is_left = false;
    [[nodiscard]] std::size_t rows() const noexcept { return out.last - out.first; }
  };

  [[nodiscard]] split_side side(const slope_sum& s) const noexcept {
    return {scale_->gradient(s), scale_->hessian(s), static_cast<double>(scale_->count(s))};
  }
  void set_value(node& n, double ridge, const leaf_limits& limits) noexcept {
    say(n, rules_.split.value(side(n.total), ridge, limits));
    n.limits = limits;
  }
  void say(node& n, double value) noexcept {
    n.says = value;
    n.out.value = rules_.learning_rate * value;
  }

  template <executor Ex> void grow_leaves(Ex& ex) {
    node* const root[] = {&leaves_[0]};
    if (can_split(leaves_[0])) fill_root(root, ex);
    while (leaves_.size() < rules_.leaves) {
      const std::size_t best = next_leaf();
      if (!(leaves_[best].best.gain > 0)) break;
      split(best, ex);
    }
  }
  /// The leaf to split next; ties by number.
  [[nodiscard]] std::size_t next_leaf() const noexcept {
    const auto comes_before = [this](const node& a, const node& b) {
      if (!(b.best.gain > 0)) return a.best.gain > 0;
      if (rules_.growth == tree_growth::depth_wise && a.depth != b.depth) return a.best.gain > 0 && a.depth < b.depth;
      return a.best.gain > b.best.gain;
    };
    std::size_t next = 0;
    for (std::size_t i = 1; i < leaves_.size(); ++i)
      if (comes_before(leaves_[i], leaves_[next])) next = i;
    return next;
  }
  [[nodiscard]] int rising(const binned_matrix::feature& f) const noexcept {
    return !f.is_code && f.column < rules_.monotone.size() ? rules_.monotone[f.column] : 0;
  }
  /// A bit a group that has the column.
  [[nodiscard]] std::uint64_t groups_of(std::uint32_t column) const noexcept {
    if (rules_.interactions.empty()) return ~std::uint64_t{0};
    std::uint64_t groups = 0;
    for (std::size_t g = 0; g < rules_.interactions.size(); ++g)
      for (const std::uint32_t c : rules_.interactions[g]) groups |= std::uint64_t{c == column} << g;
    return groups;
  }
  [[nodiscard]] bool can_split(const node& n) const noexcept {
    return leaves_.size() < rules_.leaves && (rules_.max_depth == 0 || n.depth < rules_.max_depth) && n.rows() >= 2 &&
           n.rows() / 2 >= rules_.split.min_rows_in_leaf && !x_.blocks().empty();
  }

  /// Slopes by row of the matrix: what `grow` was given, if that is every row.
  void number_slopes_by_row() {
    row_slopes_ = root_slopes_.data();
    if (rows_.size() == x_.rows()) return;
    scattered_.resize(x_.rows());
    for (std::size_t i = 0; i < rows_.size(); ++i) scattered_[rows_[i]] = root_slopes_[i];
    row_slopes_ = scattered_.data();
  }
  [[nodiscard]] node_rows rows_of(const node& n) const noexcept {
    return {rows_.subspan(n.out.first, n.rows()), node_slopes_, n.total};
  }

  [[nodiscard]] split_candidate search(std::size_t block, const node& n) {
    split_search find(rules_.split, *scale_, n.total, n.says, n.limits);
    split_candidate best;
    histograms_.for_each_feature(block, [&](std::size_t i) {
      if (allowed_[i] == 0 || (groups_[i] & n.groups) == 0) return;
      const auto& f = x_.features()[i];
      const split_candidate c =
          find(f, static_cast<std::uint32_t>(i), histograms_[n.histogram] + f.first_bin, rising(f));
      if (c.beats(best)) best = c;
    });
    return best;
  }
  static void keep_best(node& n, std::span<const split_candidate> found) noexcept {
    for (const split_candidate& c : found)
      if (c.beats(n.best)) n.best = c;
  }

  /// Sums the histogram of `n`, takes it off that of `rest`, if there is one, and finds the best splits of `searched`.
  template <executor Ex> void fill(const node& n, const node* rest, std::span<node* const> searched, Ex& ex) {
    const std::size_t blocks = x_.blocks().size();
    found_.assign(searched.size() * blocks, {});
    histograms_.fill(n.histogram, rows_of(n), ex, [&](std::size_t b) {
      if (rest != nullptr) histograms_.subtract(b, rest->histogram, n.histogram);
      for (std::size_t i = 0; i < searched.size(); ++i) found_[i * blocks + b] = search(b, *searched[i]);
    });
    for (std::size_t i = 0; i < searched.size(); ++i)
      keep_best(*searched[i], std::span<const split_candidate>(found_).subspan(i * blocks, blocks));
  }
  template <executor Ex> void fill_root(std::span<node* const> searched, Ex& ex) {
    node& root = leaves_[0];
    root.histogram = histograms_.take();
    node_slopes_ = root_slopes_.data();
    fill(root, nullptr, searched, ex);
  }
  /// The smaller child's histogram is summed, the larger one's is what is left of the parent's.
  template <executor Ex>
  void fill_children(node& small, node& large, std::size_t parent_histogram, std::span<node* const> searched, Ex& ex) {
    small.histogram = histograms_.take();
    large.histogram = parent_histogram;
    fill(small, &large, searched, ex);
  }

  template <executor Ex> void split(std::size_t index, Ex& ex) {
    const node parent = leaves_[index];
    const binned_matrix::feature& f = x_.features()[parent.best.feature];
    split_search(rules_.split, *scale_, parent.total)
        .left_bins(f, parent.best, histograms_[parent.histogram] + f.first_bin, left_);
    const auto [small, large] = branch(index);
    if (can_split(*large)) {
      partition(parent, small, ex);
      search_children(*small, *large, parent.histogram, ex);
    } else {  // nor the smaller one
      partition(parent, nullptr, ex);
      histograms_.give_back(parent.histogram);
    }
  }
  /// Puts a split by the leaf's `best` and `left_` in its place, and two leaves below: the smaller and the larger one.
  [[nodiscard]] std::pair<node*, node*> branch(std::size_t index) {
    const node parent = leaves_[index];
    const split_candidate& best = parent.best;
    const std::size_t id = tree_.splits.size();
    const binned_matrix::feature& f = x_.features()[best.feature];
    write_split(parent, id, index);
    if (const binned_matrix::lane_table* t = x_.table(f)) {  // from here on, by value of the lane
      left_of_bin_ = left_;
      left_.clear();
      for (const std::uint8_t bin : t->bin_of_state) left_.push_back(left_of_bin_[bin]);
    }

    node child[2];  // left, right
    child[0].total = best.left;
    child[1].total = parent.total - best.left;
    child[0].out.first = parent.out.first;
    child[0].out.last = child[1].out.first = parent.out.first + scale_->count(best.left);
    child[1].out.last = parent.out.last;
    for (std::size_t side = 0; side < 2; ++side) {
      set_value(child[side], best.ridge, {parent.says, parent.limits.lower, parent.limits.upper});
      child[side].groups = parent.groups & groups_[best.feature];
      child[side].depth = parent.depth + 1;
      child[side].parent = id;
      child[side].is_left = side == 0;
    }
    if (const int direction = rising(f); direction != 0) {  // nothing below may cross the middle
      const double middle = 0.5 * (child[0].says + child[1].says);
      child[direction > 0 ? 0 : 1].limits.upper = middle;
      child[direction > 0 ? 1 : 0].limits.lower = middle;
    }
    leaves_[index] = child[0];
    leaves_.push_back(child[1]);
    node &left = leaves_[index], &right = leaves_.back();
    return left.rows() <= right.rows() ? std::pair(&left, &right) : std::pair(&right, &left);
  }

  template <executor Ex> void search_children(node& small, node& large, std::size_t parent_histogram, Ex& ex) {
    node* const both[] = {&large, &small};
    fill_children(small, large, parent_histogram, std::span(both).first(can_split(small) ? 2 : 1), ex);
    for (node* n : both) {
      if (n->best.gain > 0) continue;
      histograms_.give_back(n->histogram);
      n->histogram = none;
    }
  }

  void write_split(const node& parent, std::size_t id, std::size_t leaf_index) {
    const split_candidate& best = parent.best;
    const binned_matrix::feature& f = x_.features()[best.feature];
    gbdt_split s;
    s.feature = f.column;
    s.left = ~static_cast<std::int32_t>(leaf_index);
    s.right = ~static_cast<std::int32_t>(leaves_.size());
    s.gain = static_cast<float>(best.gain);
    s.cover = static_cast<double>(parent.rows());
    if (f.is_code) {
      s.first_category = static_cast<std::uint32_t>(tree_.categories.size());
      for (std::size_t k = 0; k < f.ordinary; ++k)
        if (left_[k] != 0) tree_.categories.push_back(x_.code(f, k));
      std::sort(tree_.categories.begin() + s.first_category, tree_.categories.end());
      s.category_count = static_cast<std::uint32_t>(tree_.categories.size()) - s.first_category;
    } else {
      s.test = rules_.number_test;
      s.threshold = x_.threshold(f, best.bin);
      s.nan_left = best.special_left;
    }
    if (parent.parent != none) {
      gbdt_split& above = tree_.splits[parent.parent];
      (parent.is_left ? above.left : above.right) = static_cast<std::int32_t>(id);
    }
    tree_.splits.push_back(s);
  }

  /// Moves the rows that go left to the front, both sides in their old order, and lays the slopes of `summed`, one of
  /// the sides, side by side: once for all blocks. No side: no slopes. However the rows are cut into pieces, the order
  /// is the same.
  template <executor Ex> void partition(const node& parent, const node* summed, Ex& ex) {
    const binned_matrix::feature& f = x_.features()[parent.best.feature];
    const std::size_t n = parent.rows(), bin_bytes = x_.blocks()[f.block].bin_bytes;
    const std::size_t piece = piece_of(n, ex.concurrency());
    const std::span<std::uint32_t> rows = rows_.subspan(parent.out.first, n);
    const std::uint8_t* const bins = x_.bytes(f.block) + f.place * bin_bytes;
    right_rows_.resize((std::max)(right_rows_.size(), n));
    if (piece < n) left_rows_.resize((std::max)(left_rows_.size(), n));  // one piece moves them in place
    std::uint32_t* const lefts = piece < n ? left_rows_.data() : rows.data();
    lefts_.assign(chunk_count(n, piece), 0);
    for_each_chunk(ex, n, piece, [&](std::size_t a, std::size_t b) {
      lefts_[a / piece] =
          part_rows(bin_bytes, rows.subspan(a, b - a), bins, left_.data(), lefts + a, right_rows_.data() + a);
    });
    for (std::size_t p = 1; p < lefts_.size(); ++p) lefts_[p] += lefts_[p - 1];
    if (summed != nullptr) gathered_.resize((std::max)(gathered_.size(), summed->rows()));
    node_slopes_ = gathered_.data();
    const auto place = [&](const std::uint32_t* from, std::size_t count, std::size_t to) {
      const std::size_t at = parent.out.first + to;
      const bool gather = summed != nullptr && at >= summed->out.first && at < summed->out.last;
      place_rows(std::span(from, count), rows.data() + to, row_slopes_,
                 gather ? gathered_.data() + (at - summed->out.first) : nullptr);
    };
    for_each_chunk(ex, n, piece, [&](std::size_t a, std::size_t b) {
      const std::size_t before = a == 0 ? 0 : lefts_[a / piece - 1], left = lefts_[a / piece] - before;
      place(lefts + a, left, before);
      place(right_rows_.data() + a, b - a - left, lefts_.back() + (a - before));
    });
  }
  /// How many of n rows a thread takes at a time: all, where they are few.
  [[nodiscard]] static std::size_t piece_of(std::size_t n, std::size_t threads) noexcept {
    constexpr std::size_t least = 2048, most = 16384, pieces = 8;  // of each thread
    return threads <= 1 ? n : std::clamp(n / (pieces * threads), least, most);
  }

  const binned_matrix& x_;
  const growth_rules& rules_;
  std::span<std::uint32_t> rows_;
  std::span<const row_slope> root_slopes_;  // by place in what `grow` was given
  const row_slope* row_slopes_ = nullptr;   // by row
  const row_slope* node_slopes_ = nullptr;  // of the node whose histogram is filled, by place
  const slope_scale* scale_ = nullptr;
  std::span<const std::uint8_t> allowed_;
  gbdt_tree tree_;
  std::vector<node> leaves_;
  node_histograms<> histograms_;
  std::vector<row_slope> scattered_, gathered_;
  std::vector<split_candidate> found_;  // by node and block
  std::vector<std::uint32_t> left_rows_, right_rows_;
  std::vector<std::size_t> lefts_;     // of the pieces up to each
  std::vector<std::uint64_t> groups_;  // by feature
  std::vector<std::uint8_t> left_of_bin_;
  std::vector<std::uint8_t> left_;  // by bin of the feature that splits
};

}  // namespace detail
}  // namespace mlsd
