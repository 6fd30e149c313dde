#pragma once

#include "mlsd/core/matrix_view.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// What a trainer may know of a feature. `cardinality` is 0 for a number; a code is in [0, cardinality).
struct feature_info {
  std::string name{};
  std::uint32_t cardinality = 0;

  [[nodiscard]] bool is_code() const noexcept { return cardinality != 0; }
  friend bool operator==(const feature_info&, const feature_info&) = default;
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("name", self.name);
    ar("cardinality", self.cardinality);
  }
};

/// Rows as models see them, column-major and owned: numbers [number_columns, n] and codes [code_columns, n].
/// `info()` names the numbers first, then the codes. Columns start as zeros. Copy and resize allocate; views do not.
class feature_matrix {
 public:
  feature_matrix() = default;
  /// Columns as `info` says; every number must come before every code.
  feature_matrix(std::vector<feature_info> info, std::size_t rows) : info_(std::move(info)), rows_(rows) {
    while (number_columns_ < info_.size() && !info_[number_columns_].is_code()) ++number_columns_;
    for (std::size_t f = number_columns_; f < info_.size(); ++f) assert(info_[f].is_code());
    numbers_.resize(number_columns_ * rows_);
    codes_.resize(code_columns() * rows_);
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t number_columns() const noexcept { return number_columns_; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return info_.size() - number_columns_; }
  [[nodiscard]] std::span<const feature_info> info() const noexcept { return info_; }

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
  std::vector<float> numbers_;
  std::vector<std::uint32_t> codes_;
};

}  // namespace mlsd
