#pragma once

#include "mlsd/core/category.hpp"
#include "mlsd/core/hash.hpp"
#include "mlsd/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd {

/// The stable 64-bit hash of a category; missing has one of its own. The same for ever: files depend on it.
[[nodiscard]] constexpr std::uint64_t hash_of(const category& c) noexcept {
  if (c.is_text()) return hash_key(c.text());
  return c.is_missing() ? 0x6D697373696E6721u : hash_key(c.number());
}

/// Numbers categories 0, 1, 2, ... in the order of their insertion, and finds the number of a category again.
/// Exact: texts are kept and compared. Missing is a category like any other. Look-up O(1), noexcept, no allocation;
/// insertion amortised O(1). About 24 bytes a category beside its text.
class category_index {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

  /// The number of this category, or `none`.
  [[nodiscard]] std::uint32_t find(const category& c) const noexcept {
    if (table_.empty()) return none;
    const std::uint64_t h = hash_of(c);
    for (std::size_t at = h & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
      const std::uint32_t k = table_[at];
      if (k == none || (hashes_[k] == h && is(k, c))) return k;
    }
  }
  /// Its number; a new one if it was not there.
  template <class = void> std::uint32_t insert(const category& c) {
    if (const std::uint32_t k = find(c); k != none) return k;
    const auto k = static_cast<std::uint32_t>(hashes_.size());
    hashes_.push_back(hash_of(c));
    kinds_.push_back(c.is_text() ? text : c.is_missing() ? missing : number);
    numbers_.push_back(c.is_text() ? static_cast<std::int64_t>(chars_.size()) : c.number());
    lengths_.push_back(static_cast<std::uint32_t>(c.text().size()));
    chars_.insert(chars_.end(), c.text().begin(), c.text().end());
    if (2 * hashes_.size() > table_.size())
      rehash();
    else
      place(k);
    return k;
  }
  /// Category k < size(); a text is a view into this index.
  [[nodiscard]] category operator[](std::uint32_t k) const noexcept {
    if (kinds_[k] == text) return category(std::string_view(chars_.data() + numbers_[k], lengths_[k]));
    return kinds_[k] == number ? category(numbers_[k]) : category{};
  }

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("hashes", self.hashes_);
    ar("kinds", self.kinds_);
    ar("numbers", self.numbers_);
    ar("lengths", self.lengths_);
    ar("chars", self.chars_);
    ar("table", self.table_);
  }
  /// Everything that `find` relies on.
  template <class = void> [[nodiscard]] result<void> validate() const {
    const auto bad = [](const char* what) { return error{errc::corrupt, std::string("category index: ") + what}; };
    const std::size_t n = hashes_.size();
    if (kinds_.size() != n || numbers_.size() != n || lengths_.size() != n) return bad("columns of different length");
    if (n == 0) return table_.empty() ? result<void>{} : bad("a table without categories");
    if ((table_.size() & (table_.size() - 1)) != 0 || table_.size() < 2 * n) return bad("table of a wrong size");
    for (std::size_t k = 0; k < n; ++k) {
      if (kinds_[k] > missing) return bad("unknown kind");
      if (kinds_[k] == text &&
          (numbers_[k] < 0 || static_cast<std::uint64_t>(numbers_[k]) > chars_.size() || lengths_[k] == 0 ||
           lengths_[k] > chars_.size() - static_cast<std::uint64_t>(numbers_[k])))
        return bad("text outside the buffer");
    }
    std::size_t filled = 0;
    for (const std::uint32_t k : table_) {
      if (k != none && k >= n) return bad("table entry out of range");
      filled += k != none;
    }
    if (filled != n) return bad("table entries and categories differ in number");
    for (std::size_t k = 0; k < n; ++k)
      if (find((*this)[static_cast<std::uint32_t>(k)]) != k) return bad("a category that cannot be found");
    return {};
  }

 private:
  enum kind : std::uint8_t { number, text, missing };

  [[nodiscard]] bool is(std::uint32_t k, const category& c) const noexcept {
    if (c.is_text()) return kinds_[k] == text && std::string_view(chars_.data() + numbers_[k], lengths_[k]) == c.text();
    if (c.is_missing()) return kinds_[k] == missing;
    return kinds_[k] == number && numbers_[k] == c.number();
  }
  void place(std::uint32_t k) noexcept {
    std::size_t at = hashes_[k] & (table_.size() - 1);
    while (table_[at] != none) at = (at + 1) & (table_.size() - 1);
    table_[at] = k;
  }
  template <class = void> void rehash() {
    table_.assign(table_.empty() ? 16 : table_.size() * 2, none);
    for (std::uint32_t k = 0; k < hashes_.size(); ++k) place(k);
  }

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint8_t> kinds_;
  std::vector<std::int64_t> numbers_;  ///< the number, or where its text starts
  std::vector<std::uint32_t> lengths_;
  std::vector<char> chars_;
  std::vector<std::uint32_t> table_;
};

}  // namespace mlsd
