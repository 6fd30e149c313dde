#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/data/training_rows.hpp"
#include "mlsd/training/gbdt/bin_bundle.hpp"
#include "mlsd/training/gbdt/bins.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace mlsd::detail {

/// How finely features are cut; the fields of the trainer of the same names.
struct bin_rules {
  std::size_t bins = 255, category_bins = 4096;
  std::uint64_t seed = 1;
  missing_numbers missing{};
};

/// The training rows as bins. Features that can split anything are put into lanes of one byte, alone or several of few
/// bins together, or of two bytes (codes of more than 255 categories); lanes into blocks of 8 bytes a row, row-major.
/// One load gives all bins of a block, and a scattered row costs one cache line a block.
class binned_matrix {
 public:
  static constexpr std::size_t row_bytes = 8, sampled_rows = 200'000, rows_at_once = 16'384;

  struct feature {
    std::uint32_t column = 0;  // as models number them
    bool is_code = false, has_special = false;
    std::uint32_t ordinary = 0;   // bins without the special one
    std::uint32_t first_bin = 0;  // in a histogram of all features
    std::uint32_t block = 0, place = 0;
    std::int32_t table = -1;  // of a feature that shares its lane: which of the tables from the lane's value to its bin
    [[nodiscard]] std::uint32_t bins() const noexcept { return ordinary + (has_special ? 1u : 0u); }
    [[nodiscard]] bool is_wide() const noexcept { return ordinary > 255; }
  };
  /// How the value of a shared lane tells the bin of a feature: `usual` but for the listed values.
  struct lane_table {
    std::vector<std::uint8_t> bin_of_state;
    std::uint8_t usual = 0;
    std::vector<std::uint8_t> other_states;
  };
  /// Features that share a value a row, of which there are `states`.
  struct lane {
    std::size_t first_feature = 0, features = 1;
    std::uint32_t states = 0;
    std::size_t first_state = 0;  // in sums of all lanes
  };
  struct block {
    std::size_t first_feature = 0, features = 0, first_lane = 0, width = 0, bin_bytes = 1;
  };

  /// `weight` empty or [n]; rows of weight 0 count for nothing. O(n x features), of sparse rows O(n x blocks + stored
  /// values), but for weights, which the sample adds up in each column; one task a column, then one for every
  /// `rows_at_once` rows of each block. Sparse rows have the bins of the same rows in a dense matrix, and the same
  /// blocks.
  template <executor Ex>
  binned_matrix(const feature_rows& x, std::span<const float> weight, const bin_rules& rules, Ex& ex)
      : rows_(x.rows()) {
    const std::size_t numbers = x.number_columns(), columns = numbers + x.code_columns();
    number_bins_.resize(numbers);
    code_bins_.resize(x.code_columns());
    std::vector<feature> all(columns);
    const row_sample sample = sample_rows(x, weight, rules.seed);
    ex.for_each_index(columns, [&](std::size_t c) {
      all[c] = c < numbers ? learn_number(x, c, weight, sample, rules) : learn_code(x, c, weight, rules);
    });
    std::vector<bin_bundle> bundles;
    const std::vector<shared_lane> lanes = share_lanes(x, all, bundles);
    for (const bool wide : {false, true}) place(lanes, bundles, wide);
    bytes_.resize(blocks_.size() * rows_ * row_bytes);
    const std::size_t pieces = chunk_count(rows_, rows_at_once);
    ex.for_each_index(blocks_.size() * pieces, [&](std::size_t i) {
      const std::size_t first = i % pieces * rows_at_once, n = (std::min)(rows_at_once, rows_ - first);
      const block& b = blocks_[i / pieces];
      for (std::size_t l = 0; l < b.width; ++l) fill(x, b, l, first, n, bundles);
    });
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<feature>& features() const noexcept { return features_; }
  [[nodiscard]] const std::vector<lane>& lanes() const noexcept { return lanes_; }
  /// Of a feature that shares its lane; else none.
  [[nodiscard]] const lane_table* table(const feature& f) const noexcept {
    return f.table < 0 ? nullptr : &tables_[static_cast<std::size_t>(f.table)];
  }
  [[nodiscard]] const std::vector<block>& blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::size_t total_bins() const noexcept { return total_bins_; }
  [[nodiscard]] std::size_t total_states() const noexcept {
    return lanes_.empty() ? 0 : lanes_.back().first_state + lanes_.back().states;
  }
  /// The 8 bytes of row i in block b start at `bytes(b) + 8 * i`.
  [[nodiscard]] const std::uint8_t* bytes(std::size_t b) const noexcept {
    return bytes_.data() + b * rows_ * row_bytes;
  }
  /// The bin of a feature in row i.
  [[nodiscard]] std::size_t bin(const feature& f, std::size_t i) const noexcept {
    const std::uint8_t* const at = bytes(f.block) + i * row_bytes + f.place * blocks_[f.block].bin_bytes;
    if (const lane_table* t = table(f)) return t->bin_of_state[*at];
    if (!f.is_wide()) return *at;
    std::uint16_t wide;
    std::memcpy(&wide, at, 2);
    return wide;
  }
  [[nodiscard]] float threshold(const feature& f, std::size_t bin) const noexcept {
    return number_bins_[f.column].upper(bin);
  }
  [[nodiscard]] std::uint32_t code(const feature& f, std::size_t bin) const noexcept {
    return code_bins_[f.column - number_bins_.size()].code(bin);
  }

 private:
  /// Rows that decide where numbers are cut: all of them, or one out of each of 200,000 equal stretches.
  struct row_sample {
    std::vector<std::uint32_t> rows;  // ascending
    std::vector<bool> contains;       // [all rows], for sparse columns
    [[nodiscard]] bool has(std::size_t i) const noexcept { return contains[i]; }
  };
  template <class = void>
  [[nodiscard]] row_sample sample_rows(const feature_rows& x, std::span<const float> weight, std::uint64_t seed) const {
    row_sample sample;
    sample.rows.reserve(rows_);
    for (std::size_t i = 0; i < rows_; ++i)
      if (weight.empty() || weight[i] > 0) sample.rows.push_back(static_cast<std::uint32_t>(i));
    if (sample.rows.size() > sampled_rows) {
      std::vector<std::uint32_t> drawn(sampled_rows);
      for (std::size_t k = 0; k < sampled_rows; ++k) {
        const std::size_t n = sample.rows.size(), first = k * n / sampled_rows, last = (k + 1) * n / sampled_rows;
        drawn[k] = sample.rows[first + static_cast<std::size_t>(combine(seed, k) % (last - first))];
      }
      sample.rows = std::move(drawn);
    }
    if (x.sparse() != nullptr) {
      sample.contains.resize(rows_);
      for (const std::uint32_t i : sample.rows) sample.contains[i] = true;
    }
    return sample;
  }

  /// A missing number in a row that weighs something.
  template <class = void>
  [[nodiscard]] static bool any_missing(std::span<const float> column, std::span<const float> weight,
                                        missing_numbers is_missing) noexcept {
    constexpr std::size_t tile = 64;
    for (std::size_t first = 0; first < column.size(); first += tile) {
      const std::size_t n = (std::min)(tile, column.size() - first);
      bool found = false;
      for (std::size_t i = first; i < first + n; ++i) found |= is_missing(column[i]);
      if (!found) continue;
      for (std::size_t i = first; i < first + n; ++i)
        if (is_missing(column[i]) && (weight.empty() || weight[i] > 0)) return true;
    }
    return false;
  }

  /// What decides where a number is cut.
  struct number_sample {
    std::vector<std::pair<float, float>> values;  // with their weights, without what is missing
    implied_zeros zeros;
    bool some_missing = false;
  };
  template <class = void>
  [[nodiscard]] static number_sample look_at(std::span<const float> column, std::span<const float> weight,
                                             const row_sample& sample, missing_numbers is_missing) {
    number_sample s;
    s.values.reserve(sample.rows.size());
    for (const std::uint32_t i : sample.rows)  // -0 becomes 0
      if (!is_missing(column[i])) s.values.push_back({column[i] + 0.0f, weight.empty() ? 1.0f : weight[i]});
    s.some_missing = any_missing(column, weight, is_missing);
    return s;
  }
  /// A zero, stored or not, in a row that weighs something.
  template <class = void>
  [[nodiscard]] bool any_zero(const sparse_column& column, std::span<const float> weight) const noexcept {
    for (std::size_t i = 0, e = 0; i < rows_; ++i) {
      const bool stored = e < column.row.size() && column.row[e] == i;
      const bool is_zero = !stored || column.value_of(e) == 0;
      e += stored ? 1 : 0;
      if (is_zero && (weight.empty() || weight[i] > 0)) return true;
    }
    return false;
  }
  /// O(stored values). With weights and many values, the rows of the sample are added up one by one, as those of a
  /// dense column are; of few, up to `rules.bins` with zero, nobody asks for the weight.
  template <class = void>
  [[nodiscard]] number_sample look_at(const sparse_column& column, std::span<const float> weight,
                                      const row_sample& sample, const bin_rules& rules) const {
    const missing_numbers is_missing = rules.missing;
    number_sample s;
    std::size_t stored = 0;
    for (std::size_t e = 0; e < column.row.size(); ++e) {
      const std::uint32_t i = column.row[e];
      const float x = column.value_of(e);
      s.some_missing |= is_missing(x) && (weight.empty() || weight[i] > 0);
      if (x == 0 || !sample.has(i)) continue;
      ++stored;
      if (!is_missing(x)) s.values.push_back({x, weight.empty() ? 1.0f : weight[i]});
    }
    if (is_missing(0.0f)) {
      s.some_missing = s.some_missing || any_zero(column, weight);
      return s;
    }
    s.zeros.any = stored < sample.rows.size();
    s.zeros.weight = static_cast<double>(sample.rows.size() - stored);
    if (weight.empty() || column.value.empty() || s.values.size() < rules.bins) return s;
    s.zeros.weight = 0;
    std::size_t e = 0;
    for (const std::uint32_t i : sample.rows) {
      while (e < column.row.size() && column.row[e] < i) ++e;
      const bool is_zero = e == column.row.size() || column.row[e] != i || column.value_of(e) == 0;
      s.zeros.weight += is_zero ? static_cast<double>(weight[i]) : 0.0;
    }
    return s;
  }

  template <class = void>
  [[nodiscard]] feature learn_number(const feature_rows& x, std::size_t c, std::span<const float> weight,
                                     const row_sample& sample, const bin_rules& rules) {
    number_sample s = x.sparse() != nullptr ? look_at(x.sparse()->number(c), weight, sample, rules)
                                            : look_at(x.columns().number(c), weight, sample, rules.missing);
    feature f;
    f.column = static_cast<std::uint32_t>(c);
    f.has_special = s.some_missing && (s.zeros.any || !s.values.empty());
    number_bins_[c] = number_bins(std::move(s.values), rules.bins, s.zeros, rules.missing);
    f.ordinary = static_cast<std::uint32_t>(number_bins_[c].ordinary());
    return f;
  }

  template <class = void>
  [[nodiscard]] feature learn_code(const feature_rows& x, std::size_t c, std::span<const float> weight,
                                   const bin_rules& rules) {
    const std::size_t k = c - x.number_columns();
    const std::span<const std::uint32_t> column = x.columns().code(k);
    std::vector<double> total(x.info()[c].cardinality, 0.0);
    for (std::size_t i = 0; i < column.size(); ++i)
      total[column[i]] += weight.empty() ? 1.0 : static_cast<double>(weight[i]);
    code_bins_[k] = code_bins(total, rules.bins, (std::max)(rules.bins, rules.category_bins));
    feature f;
    f.column = static_cast<std::uint32_t>(c);
    f.is_code = true;
    f.has_special = code_bins_[k].has_rare();
    f.ordinary = static_cast<std::uint32_t>(code_bins_[k].ordinary());
    return f;
  }

  /// Features on the way to a lane, and their bundle if they are several.
  struct shared_lane {
    std::vector<feature> features;
    std::size_t bundle = 0;
    bool wide = false;
  };

  /// Adds a narrow feature to a bundle, if it fits. `bins` is scratch that has the feature's bins, if it is not empty.
  template <class = void>
  [[nodiscard]] bool add(bin_bundle& to, const feature_rows& x, const feature& f,
                         std::vector<std::uint8_t>& bins) const {
    const std::size_t most = f.ordinary + std::size_t{1};
    if (x.sparse() != nullptr) {
      const sparse_column stored = x.sparse()->number(f.column);
      if (bins.empty()) {
        bins.assign(stored.row.size(), static_cast<std::uint8_t>(number_bins_[f.column](1.0f)));
        number_bins_[f.column].fill(stored.value, bins.data());  // of none where each is 1
      }
      return to.add(most, number_bins_[f.column](0.0f), stored.row, bins);
    }
    if (bins.empty()) find_bins(x.columns(), f, bins);
    return to.add(most, f.is_code ? bins[0] : number_bins_[f.column](0.0f), bins);
  }
  template <class = void>
  void find_bins(const mixed_columns& x, const feature& f, std::vector<std::uint8_t>& bins) const {
    bins.resize(rows_);
    if (!f.is_code) return number_bins_[f.column].fill(x.number(f.column), bins.data());
    const std::size_t k = f.column - number_bins_.size();
    const std::span<const std::uint32_t> code = x.code(k);
    for (std::size_t i = 0; i < rows_; ++i) bins[i] = static_cast<std::uint8_t>(code_bins_[k](code[i]));
  }

  /// Deals features that can split to lanes, in the order of columns. One of few bins joins the first of the latest
  /// bundles that takes it.
  template <class = void>
  [[nodiscard]] std::vector<shared_lane> share_lanes(const feature_rows& x, const std::vector<feature>& all,
                                                     std::vector<bin_bundle>& bundles) const {
    constexpr std::size_t few_bins = 32, latest = 4;
    std::vector<shared_lane> lanes;
    std::vector<std::size_t> lane_of_bundle;
    std::vector<std::uint8_t> bins;
    const auto join = [&](const feature& f) {
      bins.clear();
      for (std::size_t b = bundles.size() > latest ? bundles.size() - latest : 0; b < bundles.size(); ++b) {
        if (!add(bundles[b], x, f, bins)) continue;
        lanes[lane_of_bundle[b]].features.push_back(f);
        return true;
      }
      bundles.emplace_back(rows_);
      return !add(bundles.back(), x, f, bins);  // an empty one takes any
    };
    for (const feature& f : all) {
      if (f.bins() < 2) continue;
      const bool joins = f.bins() <= few_bins && join(f);
      if (joins) continue;
      if (f.bins() <= few_bins) lane_of_bundle.push_back(lanes.size());
      lanes.push_back({{f}, bundles.size() - 1, f.is_wide()});
    }
    return lanes;
  }

  /// Puts lanes, narrow or wide ones, into as few blocks as hold them, all about equally full: threads share
  /// blocks, or pieces of them.
  template <class = void>
  void place(const std::vector<shared_lane>& lanes, const std::vector<bin_bundle>& bundles, bool wide) {
    const auto n = static_cast<std::size_t>(
        std::count_if(lanes.begin(), lanes.end(), [&](const shared_lane& l) { return l.wide == wide; }));
    const std::size_t bin_bytes = wide ? 2 : 1, blocks = chunk_count(n, row_bytes / bin_bytes);
    std::size_t placed = 0, started = 0;
    for (const shared_lane& l : lanes) {
      if (l.wide != wide) continue;
      if (placed == started * n / blocks)
        blocks_.push_back({features_.size(), 0, lanes_.size(), 0, bin_bytes}), ++started;
      ++placed;
      const bool shared = l.features.size() > 1;
      lanes_.push_back({features_.size(), l.features.size(),
                        shared ? static_cast<std::uint32_t>(bundles[l.bundle].states()) : l.features[0].bins(),
                        total_states()});
      bundle_of_lane_.push_back(l.bundle);
      for (std::size_t i = 0; i < l.features.size(); ++i)
        append(l.features[i], shared ? bundles[l.bundle].bin_of_state(i) : std::vector<std::uint8_t>{});
      ++blocks_.back().width;
    }
  }
  template <class = void> [[nodiscard]] static lane_table table_of(std::vector<std::uint8_t> bin_of_state) {
    lane_table t{std::move(bin_of_state), 0, {}};
    std::size_t states[bin_bundle::most_states] = {};
    for (const std::uint8_t bin : t.bin_of_state) ++states[bin];
    t.usual = static_cast<std::uint8_t>(std::max_element(states, states + bin_bundle::most_states) - states);
    for (std::size_t s = 0; s < t.bin_of_state.size(); ++s)
      if (t.bin_of_state[s] != t.usual) t.other_states.push_back(static_cast<std::uint8_t>(s));
    return t;
  }
  template <class = void> void append(feature f, std::vector<std::uint8_t> table) {
    f.block = static_cast<std::uint32_t>(blocks_.size() - 1);
    f.place = static_cast<std::uint32_t>(blocks_.back().width);
    f.first_bin = static_cast<std::uint32_t>(total_bins_);
    if (!table.empty()) {
      for (std::uint8_t& bin : table)
        if (bin >= f.bins()) bin = 0;  // only rows of weight 0 are there
      f.table = static_cast<std::int32_t>(tables_.size());
      tables_.push_back(table_of(std::move(table)));
    }
    total_bins_ += f.bins();
    features_.push_back(f);
    ++blocks_.back().features;
  }

  /// The bins of one lane, in `n` rows from `first` on.
  template <class = void>
  void fill(const feature_rows& x, const block& b, std::size_t place, std::size_t first, std::size_t n,
            const std::vector<bin_bundle>& bundles) {
    const lane& l = lanes_[b.first_lane + place];
    const feature& f = features_[l.first_feature];
    std::uint8_t* const to = bytes_.data() + (f.block * rows_ + first) * row_bytes + place * b.bin_bytes;
    if (l.features > 1) {
      const std::span<const std::uint8_t> state = bundles[bundle_of_lane_[b.first_lane + place]].rows();
      for (std::size_t i = 0; i < n; ++i) to[i * row_bytes] = state[first + i];
      return;
    }
    if (f.is_code) {
      const std::size_t k = f.column - number_bins_.size();
      const std::span<const std::uint32_t> column = x.columns().code(k).subspan(first, n);
      for (std::size_t i = 0; i < n; ++i) {
        const auto bin = static_cast<std::uint16_t>(code_bins_[k](column[i]));
        if (b.bin_bytes == 2) {
          std::memcpy(to + i * row_bytes, &bin, 2);
        } else {
          to[i * row_bytes] = static_cast<std::uint8_t>(bin);
        }
      }
      return;
    }
    const number_bins& cut = number_bins_[f.column];
    if (x.sparse() != nullptr) {
      const sparse_column column = x.sparse()->number(f.column);
      const auto zero = static_cast<std::uint8_t>(cut(0.0f));
      for (std::size_t i = 0; i < n; ++i) to[i * row_bytes] = zero;
      auto e =
          static_cast<std::size_t>(std::lower_bound(column.row.begin(), column.row.end(), first) - column.row.begin());
      for (; e < column.row.size() && column.row[e] < first + n; ++e)
        to[(column.row[e] - first) * row_bytes] = static_cast<std::uint8_t>(cut(column.value_of(e)));
      return;
    }
    constexpr std::size_t tile = 256;
    std::uint8_t bins[tile];
    const std::span<const float> column = x.columns().number(f.column).subspan(first, n);
    for (std::size_t i = 0; i < n; i += tile) {
      const std::size_t m = (std::min)(tile, n - i);
      cut.fill(column.subspan(i, m), bins);
      for (std::size_t k = 0; k < m; ++k) to[(i + k) * row_bytes] = bins[k];
    }
  }

  std::size_t rows_ = 0, total_bins_ = 0;
  std::vector<number_bins> number_bins_;
  std::vector<code_bins> code_bins_;
  std::vector<feature> features_;
  std::vector<lane> lanes_;
  std::vector<std::size_t> bundle_of_lane_;
  std::vector<lane_table> tables_;
  std::vector<block> blocks_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace mlsd::detail
