#pragma once

#include "mlsd/archive/binary.hpp"

namespace mlsd {

namespace detail {

/// An archive that adds up the memory behind what it visits.
class memory_counter {
 public:
  template <class T> void operator()(std::string_view, const T& field) { value(field); }
  template <class T> void value(const T& v) {
    static_assert(require_archivable<T>());
    constexpr field_kind kind = kind_of<T>;
    if constexpr (kind == field_kind::text) {
      if (v.capacity() > std::string().capacity()) sum_ += v.capacity() + 1;
    } else if constexpr (kind == field_kind::vector || kind == field_kind::array) {
      using item = typename T::value_type;
      if constexpr (std::is_same_v<T, std::vector<bool>>)
        sum_ += (v.capacity() + 7) / 8;
      else if constexpr (kind == field_kind::vector)
        sum_ += v.capacity() * sizeof(item);
      if constexpr (!is_scalar_field<item>)
        for (const item& i : v) value(i);
    } else if constexpr (kind == field_kind::optional) {
      if (v) value(*v);
    } else if constexpr (kind == field_kind::record) {
      visit_fields(v, *this);
    }
  }
  [[nodiscard]] std::size_t sum() const noexcept { return sum_; }

 private:
  std::size_t sum_ = 0;
};

}  // namespace detail

/// Bytes of the object and of all memory that its fields own, spare capacity included. O(fields), no allocation.
template <class T> [[nodiscard]] std::size_t bytes_in_memory(const T& value) {
  detail::memory_counter heap;
  heap.value(value);
  return sizeof(T) + heap.sum();
}

/// Bytes of the file that `save` would write. O(fields); allocates the schema only.
template <class T> [[nodiscard]] std::uint64_t bytes_in_file(const T& value) {
  static_assert(detail::require_archivable<T>());
  return detail::count_container(value, detail::schema_of_value(value).size());
}

}  // namespace mlsd
