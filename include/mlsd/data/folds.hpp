#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "mlsd/core/result.hpp"
#include "mlsd/data/row_split.hpp"

namespace mlsd {

/// One fold of cross-validation in the order of time.
struct time_fold {
  row_range train{}, test{};
};

struct time_folds_options {
  std::size_t folds = 5;
  std::size_t gap = 0;             ///< rows left out between training and test
  std::size_t test_rows = 0;       ///< of each fold; 0: rows / (folds + 1)
  std::size_t max_train_rows = 0;  ///< the latest so many; 0: all before the test
};

namespace detail {
template <class = void> [[nodiscard]] error bad_folds(std::size_t k, std::size_t n, const char* what) {
  return {errc::invalid_argument, "folds: " + std::to_string(k) + " folds need at least 2 folds and as many " + what +
                                      ", of which there are " + std::to_string(n)};
}
}  // namespace detail

/// Test rows of k folds: consecutive, sizes differing by at most one, the larger ones first. O(k).
template <class = void> [[nodiscard]] result<std::vector<row_range>> k_folds(std::size_t n, std::size_t k) {
  if (k < 2 || k > n) return detail::bad_folds(k, n, "rows");
  std::vector<row_range> folds;
  std::size_t first = 0;
  for (std::size_t i = 0; i < k; ++i) {
    const std::size_t last = first + n / k + (i < n % k ? 1 : 0);
    folds.push_back({first, last});
    first = last;
  }
  return folds;
}

/// Folds that train only on rows before their test rows; the tests are the last rows, in order. O(folds).
template <class = void>
[[nodiscard]] result<std::vector<time_fold>> time_folds(std::size_t n, const time_folds_options& options = {}) {
  const std::size_t k = options.folds;
  const std::size_t size = options.test_rows != 0 ? options.test_rows : n / (k + 1);
  if (k == 0 || size == 0 || size > n / k || n - size * k <= options.gap)
    return error{errc::invalid_argument, "folds: " + std::to_string(n) + " rows leave nothing to train on before " +
                                             std::to_string(k) + " tests of " + std::to_string(size) +
                                             " rows and a gap of " + std::to_string(options.gap)};
  std::vector<time_fold> folds;
  for (std::size_t first = n - size * k; first < n; first += size) {
    const std::size_t last = first - options.gap;
    const std::size_t kept = options.max_train_rows == 0 ? last : (std::min)(last, options.max_train_rows);
    folds.push_back({{last - kept, last}, {first, first + size}});
  }
  return folds;
}

/// The fold of each row, so that every class has about the same share in each of the k folds and rows keep their order
/// within a class. O(n log classes).
template <class Label>
[[nodiscard]] result<std::vector<std::uint32_t>> stratified_folds(std::span<const Label> labels, std::size_t k) {
  const std::size_t n = labels.size();
  if (k < 2 || k > n) return detail::bad_folds(k, n, "rows");
  std::map<Label, std::vector<std::size_t>> rows;
  for (std::size_t i = 0; i < n; ++i) rows[labels[i]].push_back(i);
  std::vector<const std::vector<std::size_t>*> classes;  // in the order in which they appear
  for (const auto& [label, of_class] : rows) classes.push_back(&of_class);
  std::sort(classes.begin(), classes.end(), [](auto* a, auto* b) { return a->front() < b->front(); });
  std::vector<std::uint32_t> fold(n);
  std::size_t dealt = 0;  // rows are dealt to the folds in turn, class by class
  for (const std::vector<std::size_t>* of_class : classes) {
    std::size_t next = 0;
    for (std::size_t f = 0; f < k; ++f) {
      const std::size_t offset = (f + k - dealt % k) % k;  // of the first row of this class that f is dealt
      const std::size_t count = offset < of_class->size() ? (of_class->size() - offset - 1) / k + 1 : 0;
      for (std::size_t i = 0; i < count; ++i) fold[(*of_class)[next++]] = static_cast<std::uint32_t>(f);
    }
    dealt += of_class->size();
  }
  return fold;
}

/// The fold of each row, so that no group is in two folds and folds have about the same number of rows: groups go,
/// largest first and the greatest key first among equals, to the fold with the fewest rows. O(n log groups + groups k).
template <class Key>
[[nodiscard]] result<std::vector<std::uint32_t>> group_folds(std::span<const Key> groups, std::size_t k) {
  std::map<Key, std::vector<std::size_t>> rows;
  for (std::size_t i = 0; i < groups.size(); ++i) rows[groups[i]].push_back(i);
  if (k < 2 || k > rows.size()) return detail::bad_folds(k, rows.size(), "groups");
  std::vector<const std::vector<std::size_t>*> order;
  for (const auto& [key, of_group] : rows) order.push_back(&of_group);
  std::stable_sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->size() < b->size(); });
  std::vector<std::size_t> size(k);
  std::vector<std::uint32_t> fold(groups.size());
  for (std::size_t g = order.size(); g-- > 0;) {
    const auto f = static_cast<std::size_t>(std::min_element(size.begin(), size.end()) - size.begin());
    for (const std::size_t i : *order[g]) fold[i] = static_cast<std::uint32_t>(f);
    size[f] += order[g]->size();
  }
  return fold;
}

/// From when to when the label of row i depends on events: [first[i], last[i]], ends included.
template <time_like Time> struct label_spans {
  std::span<const Time> first{}, last{};
};

/// The training rows that cannot know the outcome of a test row: without those whose label span meets the span from
/// the first start to the last end of the test rows, and without those that start within `embargo` after it.
/// O(train + test), allocates the rows it gives. No test rows: all training rows. Lopez de Prado (2018), chapter 7.
template <time_like Time>
[[nodiscard]] result<std::vector<std::size_t>> purge(std::span<const std::size_t> train,
                                                     std::span<const std::size_t> test, const label_spans<Time>& spans,
                                                     std::type_identity_t<gap_of<Time>> embargo = {}) {
  const std::size_t n = spans.first.size();
  if (spans.last.size() != n)
    return error{errc::invalid_argument,
                 "purge: " + std::to_string(n) + " label starts but " + std::to_string(spans.last.size()) + " ends"};
  if (embargo < gap_of<Time>{}) return error{errc::invalid_argument, "purge: the embargo is negative"};
  for (const std::span<const std::size_t> rows : {train, test})
    for (const std::size_t i : rows) {
      if (i >= n) return error{errc::invalid_argument, "purge: row " + std::to_string(i) + " has no label span"};
      if (!(spans.first[i] <= spans.last[i]))
        return error{errc::order, "purge: the label span of row " + std::to_string(i) + " ends before it begins"};
    }
  if (test.empty()) return std::vector<std::size_t>(train.begin(), train.end());
  Time begin = spans.first[test[0]], end = spans.last[test[0]];
  for (const std::size_t i : test) {
    begin = (std::min)(begin, spans.first[i]);
    end = (std::max)(end, spans.last[i]);
  }
  std::vector<std::size_t> kept;
  for (const std::size_t i : train) {
    const bool before = spans.last[i] < begin;
    const bool after = end < spans.first[i] && detail::is_before_gap(end, spans.first[i], embargo);
    if (before || after) kept.push_back(i);
  }
  return kept;
}

}  // namespace mlsd
