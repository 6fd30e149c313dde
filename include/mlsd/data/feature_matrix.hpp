#pragma once

#include "mlsd/core/matrix_view.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mlsd {

/// What a trainer may know of a feature. `cardinality` is 0 for a number; a code is in [0, cardinality).
struct feature_info {
  static constexpr std::string_view type_name = "feature info";
  static constexpr std::uint32_t version = 2;

  std::string name{};
  std::uint32_t cardinality = 0;
  std::int8_t monotone = 0;  ///< of a number: 1 a model may only rise with it, -1 only fall, 0 do both

  [[nodiscard]] bool is_code() const noexcept { return cardinality != 0; }
  friend bool operator==(const feature_info&, const feature_info&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("name", self.name);
    ar("cardinality", self.cardinality);
    ar("monotone", self.monotone);
  }
};

namespace detail {
/// Leaves new values as they are: for memory that is written whole before it is read.
template <class T> struct unfilled_allocator {
  using value_type = T;
  unfilled_allocator() = default;
  template <class U> unfilled_allocator(const unfilled_allocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { ::operator delete(p); }
  void construct(T* p) noexcept { ::new (static_cast<void*>(p)) T; }
  friend bool operator==(unfilled_allocator, unfilled_allocator) noexcept { return true; }
};
template <class T> using unfilled_vector = std::vector<T, unfilled_allocator<T>>;
}  // namespace detail

/// Rows as models see them, column-major and owned: numbers [number_columns, n] and codes [code_columns, n].
/// `info()` names the numbers first, then the codes. Columns start as zeros. Copying allocates; views do not.
class feature_matrix {
 public:
  feature_matrix() = default;
  /// Columns as `info` says; every number must come before every code.
  template <class = void>
  feature_matrix(std::vector<feature_info> info, std::size_t rows) : feature_matrix(unfilled(std::move(info), rows)) {
    numbers_.assign(numbers_.size(), 0.0f);
    codes_.assign(codes_.size(), 0);
  }
  /// For those who write every value: columns start as whatever the memory holds, which saves a pass over it.
  template <class = void>
  [[nodiscard]] static feature_matrix unfilled(std::vector<feature_info> info, std::size_t rows) {
    feature_matrix m;
    m.info_ = std::move(info);
    m.rows_ = rows;
    while (m.number_columns_ < m.info_.size() && !m.info_[m.number_columns_].is_code()) ++m.number_columns_;
    for (std::size_t f = m.number_columns_; f < m.info_.size(); ++f) assert(m.info_[f].is_code());
    m.numbers_.resize(m.number_columns_ * rows);
    m.codes_.resize(m.code_columns() * rows);
    return m;
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t number_columns() const noexcept { return number_columns_; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return info_.size() - number_columns_; }
  [[nodiscard]] std::span<const feature_info> info() const noexcept { return {info_.data(), info_.size()}; }

  [[nodiscard]] std::span<float> number(std::size_t j) noexcept { return {numbers_.data() + j * rows_, rows_}; }
  [[nodiscard]] std::span<std::uint32_t> code(std::size_t j) noexcept { return {codes_.data() + j * rows_, rows_}; }
  [[nodiscard]] std::span<const float> number(std::size_t j) const noexcept { return columns().number(j); }
  [[nodiscard]] std::span<const std::uint32_t> code(std::size_t j) const noexcept { return columns().code(j); }

  [[nodiscard]] mixed_columns columns() const noexcept {
    return {rows_, number_columns_, code_columns(), rows_, numbers_.data(), codes_.data()};
  }

 private:
  std::vector<feature_info> info_;
  std::size_t rows_ = 0, number_columns_ = 0;
  detail::unfilled_vector<float> numbers_;
  detail::unfilled_vector<std::uint32_t> codes_;
};

}  // namespace mlsd
