#pragma once

#include "mlsd/core/hash.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/retrieval/distance.hpp"
#include "mlsd/retrieval/row_memory.hpp"
#include "mlsd/retrieval/slot_table.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd {

namespace detail {

/// Above it, sums over two vectors could leave the range of float.
inline constexpr float largest_square = 0x1p124f;
inline constexpr std::size_t most_vectors = std::size_t{1} << 31, most_components = std::size_t{1} << 20;

/// Unit length; a zero vector stays zero. Components must be finite.
template <class = void> MLSD_UNCONTRACTED void normalise(std::span<float> x) noexcept {
  MLSD_CONTRACT_OFF
  float largest = 0;
  for (const float v : x) largest = (std::max)(largest, std::abs(v));
  if (!(largest > 0) || !std::isfinite(largest)) return;
  const float scale = std::ldexp(1.0f, -std::clamp(std::ilogb(largest), -126, 126));  // a power of two rounds nothing
  for (float& v : x) v *= scale;
  const float norm = std::sqrt(inner_product<>(x, x));
  for (float& v : x) v = v / norm + 0.0f;
}

/// What of a vector an index computes with: zeros for padding, +0 for -0, and unit length for cosine. `to` is at least
/// as long as `from`. False if a component is not finite, or the squared norm is above 2^124.
template <class = void>
[[nodiscard]] bool load_row(vector_metric metric, std::span<const float> from, std::span<float> to) noexcept {
  for (std::size_t j = 0; j < from.size(); ++j) to[j] = from[j] + 0.0f;
  std::fill(to.begin() + static_cast<std::ptrdiff_t>(from.size()), to.end(), 0.0f);
  if (metric == vector_metric::cosine) normalise<>(to);
  return inner_product<>(to, to) <= largest_square;
}

}  // namespace detail

/// The vectors of an index, [n, dimension], and their ids. The place of a vector is its slot: 0 ... n - 1. Rows start
/// on lines of 64 bytes. For cosine it holds unit vectors, so that the cosine is an inner product. 4 bytes a component,
/// rounded up to 16 components, and sizeof(Id) + 16 to 32 bytes a vector.
/// Ids are unique; components finite, squared norms at most 2^124.
template <std::integral Id> class vector_store {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "vector_store";

  vector_store() = default;
  [[nodiscard]] static result<vector_store> make(vector_metric metric, std::size_t dimension) {
    vector_store s;
    s.metric_ = metric;
    s.dimension_ = dimension;
    if (auto ok = s.check_shape(); !ok) return ok.error();
    return s;
  }

  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  [[nodiscard]] std::size_t dimension() const noexcept { return static_cast<std::size_t>(dimension_); }
  [[nodiscard]] vector_metric metric() const noexcept { return metric_; }
  [[nodiscard]] std::span<const Id> ids() const noexcept { return ids_; }
  /// Floats from one row to the next: the dimension, rounded up to 16.
  [[nodiscard]] std::size_t width() const noexcept {
    return (dimension() + detail::row_alignment - 1) / detail::row_alignment * detail::row_alignment;
  }
  [[nodiscard]] const float* rows() const noexcept { return rows_.data(); }
  [[nodiscard]] const float* row(std::size_t slot) const noexcept { return rows_.data() + slot * width(); }
  /// `detail::empty_slot` where the id is not there. O(1) expected.
  [[nodiscard]] std::uint32_t find(Id id) const noexcept {
    return table_.find(hash_key(id), [&](std::uint32_t slot) { return ids_[slot] == id; });
  }
  /// The vector of an id as it is held, [dimension]; empty where the id is not there.
  [[nodiscard]] std::span<const float> vector_of(Id id) const noexcept {
    const std::uint32_t slot = find(id);
    return slot == detail::empty_slot ? std::span<const float>() : std::span(row(slot), dimension());
  }

  /// Brings a query into the form of a row; `to` is [width()]. False if it has another dimension or is not finite.
  [[nodiscard]] bool load_query(std::span<const float> query, float* to) const noexcept {
    return query.size() == dimension() && detail::load_row<>(metric_, query, {to, width()});
  }
  /// What sums a query against rows; the smaller, the nearer.
  [[nodiscard]] detail::row_sums sums() const noexcept {
    return metric_ == vector_metric::l2 ? detail::row_sums_for<true>(active_isa())
                                        : detail::row_sums_for<false>(active_isa());
  }

  /// Appends rows [n, dimension] with their ids. On an error, which names the row, nothing has changed.
  [[nodiscard]] result<void> append(std::span<const Id> ids, matrix_view<const float> rows) {
    if (ids.size() != rows.rows)
      return error{errc::invalid_argument,
                   "vectors: " + std::to_string(ids.size()) + " ids but " + std::to_string(rows.rows) + " rows"};
    if (rows.rows != 0 && rows.columns != dimension())
      return error{errc::invalid_argument, "vectors: rows have " + std::to_string(rows.columns) + " components, not " +
                                               std::to_string(dimension())};
    if (ids.size() >= detail::most_vectors - size()) return error{errc::capacity, "vectors: more than 2^31"};
    const std::size_t before = size();
    rows_.resize((before + ids.size()) * width());
    if (before == 0) ids_.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      float* to = rows_.data() + (before + i) * width();
      if (!detail::load_row<>(metric_, rows[i], {to, width()}))
        return restore(before), unusable(i, ids[i], "holds a number that is not finite or too large");
      if (find(ids[i]) != detail::empty_slot) return restore(before), unusable(i, ids[i], "has an id that is taken");
      table_.insert(hash_key(ids[i]), static_cast<std::uint32_t>(size()));
      ids_.push_back(ids[i]);
    }
    return {};
  }

  /// Removes a vector; the last one takes its slot. False if the id is not there. O(dimension).
  bool remove(Id id) {
    const std::uint32_t slot = find(id);
    if (slot == detail::empty_slot) return false;
    const auto last = static_cast<std::uint32_t>(size() - 1);
    table_.erase(hash_key(id), slot);
    if (slot != last) {
      table_.erase(hash_key(ids_[last]), last);
      table_.insert(hash_key(ids_[last]), slot);
      ids_[slot] = ids_[last];
      std::copy_n(row(last), width(), rows_.data() + slot * width());
    }
    ids_.pop_back();
    rows_.resize(size() * width());
    return true;
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("metric", self.metric_);
    ar("dimension", self.dimension_);
    ar("ids", self.ids_);
    ar("rows", self.rows_);
  }
  /// Checks all that is loaded, and makes the look-up by id. O(n * dimension).
  [[nodiscard]] result<void> validate() {
    if (*this == vector_store()) return {};
    if (auto ok = check_shape(); !ok) return ok;
    if (size() >= detail::most_vectors || rows_.size() % width() != 0 || rows_.size() / width() != size())
      return error{errc::corrupt, "vectors: rows and ids differ in number"};
    table_ = {};
    for (std::uint32_t slot = 0; slot < size(); ++slot) {
      const float* padding = row(slot) + dimension();
      if (!(inner_product<>({row(slot), width()}, {row(slot), width()}) <= detail::largest_square) ||
          std::any_of(padding, row(slot) + width(), [](float x) { return x != 0; }))
        return unusable(slot, ids_[slot], "is not what was saved");
      if (find(ids_[slot]) != detail::empty_slot) return unusable(slot, ids_[slot], "has an id that is taken");
      table_.insert(hash_key(ids_[slot]), slot);
    }
    return {};
  }
  friend bool operator==(const vector_store& a, const vector_store& b) noexcept {
    return a.metric_ == b.metric_ && a.dimension_ == b.dimension_ && a.ids_ == b.ids_ && a.rows_ == b.rows_;
  }

 private:
  [[nodiscard]] result<void> check_shape() const {
    if (metric_ > vector_metric::cosine) return error{errc::corrupt, "vectors: no such metric"};
    if (dimension_ == 0 || dimension_ > detail::most_components)
      return error{errc::invalid_argument,
                   "vectors: the dimension is " + std::to_string(dimension_) + ", not 1 to 2^20"};
    return {};
  }
  [[nodiscard]] static error unusable(std::size_t i, Id id, std::string_view why) {
    return {errc::invalid_argument,
            "vectors: row " + std::to_string(i) + " (id " + std::to_string(id) + ") " + std::string(why)};
  }
  void restore(std::size_t n) {
    for (std::size_t slot = n; slot < size(); ++slot)
      table_.erase(hash_key(ids_[slot]), static_cast<std::uint32_t>(slot));
    ids_.resize(n);
    rows_.resize(n * width());
  }

  vector_metric metric_ = vector_metric::l2;
  std::uint64_t dimension_ = 0;
  std::vector<Id> ids_;
  detail::row_vector<float> rows_;
  detail::slot_table table_;  // by id
};

}  // namespace mlsd
