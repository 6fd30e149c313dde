#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/data/feature_matrix.hpp"
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
};

/// The training rows as bins. Features that can split anything are put into blocks of 8 bytes a row, row-major: eight
/// features of one byte, or four of two bytes (codes of more than 255 categories). One load gives all bins of a block,
/// and a scattered row costs one cache line a block.
class binned_matrix {
 public:
  static constexpr std::size_t row_bytes = 8, sampled_rows = 200'000;

  struct feature {
    std::uint32_t column = 0;  // as models number them
    bool is_code = false, has_special = false;
    std::uint32_t ordinary = 0;   // bins without the special one
    std::uint32_t first_bin = 0;  // in a histogram of all features
    std::uint32_t block = 0, place = 0;
    [[nodiscard]] std::uint32_t bins() const noexcept { return ordinary + (has_special ? 1u : 0u); }
    [[nodiscard]] bool is_wide() const noexcept { return ordinary > 255; }
  };
  struct block {
    std::size_t first_feature = 0, width = 0, bin_bytes = 1;
  };

  /// `weight` empty or [n]; rows of weight 0 count for nothing. O(n x features); one task a column, then one a block.
  template <executor Ex>
  binned_matrix(const feature_matrix& x, std::span<const float> weight, const bin_rules& rules, Ex& ex)
      : rows_(x.rows()) {
    const std::size_t numbers = x.number_columns(), columns = numbers + x.code_columns();
    number_bins_.resize(numbers);
    code_bins_.resize(x.code_columns());
    std::vector<feature> all(columns);
    const std::vector<std::uint32_t> sample = sample_rows(weight, rules.seed);
    ex.for_each_index(columns, [&](std::size_t c) {
      all[c] = c < numbers ? learn_number(x, c, weight, sample, rules) : learn_code(x, c, weight, rules);
    });
    for (const bool wide : {false, true}) place(all, wide);
    bytes_.resize(blocks_.size() * rows_ * row_bytes);
    ex.for_each_index(blocks_.size(), [&](std::size_t b) {
      for (std::size_t i = 0; i < blocks_[b].width; ++i) fill(x, features_[blocks_[b].first_feature + i]);
    });
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::vector<feature>& features() const noexcept { return features_; }
  [[nodiscard]] const std::vector<block>& blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::size_t total_bins() const noexcept { return total_bins_; }
  /// The 8 bytes of row i in block b start at `bytes(b) + 8 * i`.
  [[nodiscard]] const std::uint8_t* bytes(std::size_t b) const noexcept {
    return bytes_.data() + b * rows_ * row_bytes;
  }
  /// `bin(bytes)` reads the bin of a feature from the 8 bytes of a row; `f` is called with the right reader.
  template <class F> void with_reader(const feature& f, F&& use) const {
    const std::size_t place = f.place;
    if (f.is_wide()) {
      use([place](const std::uint8_t* row) {
        std::uint16_t bin;
        std::memcpy(&bin, row + 2 * place, 2);
        return std::size_t{bin};
      });
    } else {
      use([place](const std::uint8_t* row) { return std::size_t{row[place]}; });
    }
  }
  [[nodiscard]] float threshold(const feature& f, std::size_t bin) const noexcept {
    return number_bins_[f.column].upper(bin);
  }
  [[nodiscard]] std::uint32_t code(const feature& f, std::size_t bin) const noexcept {
    return code_bins_[f.column - number_bins_.size()].code(bin);
  }

 private:
  /// Rows that decide where numbers are cut: all of them, or one out of each of 200,000 equal stretches.
  template <class = void>
  [[nodiscard]] std::vector<std::uint32_t> sample_rows(std::span<const float> weight, std::uint64_t seed) const {
    std::vector<std::uint32_t> from;
    from.reserve(rows_);
    for (std::size_t i = 0; i < rows_; ++i)
      if (weight.empty() || weight[i] > 0) from.push_back(static_cast<std::uint32_t>(i));
    if (from.size() <= sampled_rows) return from;
    std::vector<std::uint32_t> sample(sampled_rows);
    for (std::size_t k = 0; k < sampled_rows; ++k) {
      const std::size_t first = k * from.size() / sampled_rows, last = (k + 1) * from.size() / sampled_rows;
      sample[k] = from[first + static_cast<std::size_t>(combine(seed, k) % (last - first))];
    }
    return sample;
  }

  template <class = void>
  [[nodiscard]] feature learn_number(const feature_matrix& x, std::size_t c, std::span<const float> weight,
                                     std::span<const std::uint32_t> sample, const bin_rules& rules) {
    const std::span<const float> column = x.number(c);
    std::vector<std::pair<float, float>> values;
    values.reserve(sample.size());
    for (const std::uint32_t i : sample)
      if (!std::isnan(column[i])) values.push_back({column[i], weight.empty() ? 1.0f : weight[i]});
    bool has_nan = false;
    for (std::size_t i = 0; i < column.size() && !has_nan; ++i)
      has_nan = std::isnan(column[i]) && (weight.empty() || weight[i] > 0);
    feature f;
    f.column = static_cast<std::uint32_t>(c);
    f.has_special = has_nan && !values.empty();
    number_bins_[c] = number_bins(std::move(values), rules.bins);
    f.ordinary = static_cast<std::uint32_t>(number_bins_[c].ordinary());
    return f;
  }

  template <class = void>
  [[nodiscard]] feature learn_code(const feature_matrix& x, std::size_t c, std::span<const float> weight,
                                   const bin_rules& rules) {
    const std::size_t k = c - x.number_columns();
    const std::span<const std::uint32_t> column = x.code(k);
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

  /// Puts the features that can split, narrow or wide ones, into as few blocks as hold them, all about equally full:
  /// blocks are what threads share.
  template <class = void> void place(const std::vector<feature>& all, bool wide) {
    const auto belongs = [&](const feature& f) { return f.bins() >= 2 && f.is_wide() == wide; };
    const auto n = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), belongs));
    const std::size_t bin_bytes = wide ? 2 : 1, blocks = chunk_count(n, row_bytes / bin_bytes);
    std::size_t placed = 0, started = 0;
    for (feature f : all) {
      if (!belongs(f)) continue;
      if (placed == started * n / blocks) blocks_.push_back({features_.size(), 0, bin_bytes}), ++started;
      ++placed;
      f.block = static_cast<std::uint32_t>(blocks_.size() - 1);
      f.place = static_cast<std::uint32_t>(blocks_.back().width++);
      f.first_bin = static_cast<std::uint32_t>(total_bins_);
      total_bins_ += f.bins();
      features_.push_back(f);
    }
  }

  template <class = void> void fill(const feature_matrix& x, const feature& f) {
    std::uint8_t* const to = bytes_.data() + f.block * rows_ * row_bytes;
    const auto each = [&](const auto& column, const auto& bins) {
      for (std::size_t i = 0; i < rows_; ++i) {
        const std::uint32_t bin = bins(column[i]);
        if (f.is_wide()) {
          const auto wide = static_cast<std::uint16_t>(bin);
          std::memcpy(to + i * row_bytes + 2 * f.place, &wide, 2);
        } else {
          to[i * row_bytes + f.place] = static_cast<std::uint8_t>(bin);
        }
      }
    };
    if (f.is_code) {
      each(x.code(f.column - number_bins_.size()), code_bins_[f.column - number_bins_.size()]);
    } else {
      each(x.number(f.column), number_bins_[f.column]);
    }
  }

  std::size_t rows_ = 0, total_bins_ = 0;
  std::vector<number_bins> number_bins_;
  std::vector<code_bins> code_bins_;
  std::vector<feature> features_;
  std::vector<block> blocks_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace mlsd::detail
