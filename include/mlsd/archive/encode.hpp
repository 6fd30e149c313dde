#pragma once

#include "mlsd/archive/byte_stream.hpp"
#include "mlsd/archive/describe.hpp"

namespace mlsd::detail {

/// An archive that appends the payload of what it visits to a file, or counts it. No value takes zero bytes: where
/// there is nothing to write (no fields, an array of none) it writes one zero byte, so that a count is always bounded
/// by a length.
class encoder {
 public:
  explicit encoder(byte_writer& to) noexcept : to_(&to) {}

  /// False once a record was nested deeper than a reader would accept.
  [[nodiscard]] bool readable() const noexcept { return readable_; }

  template <class T> void operator()(std::string_view, const T& field) {
    ++fields_;
    value(field);
  }

  template <class T> void value(const T& v) {
    static_assert(require_archivable<T>());
    constexpr field_kind kind = kind_of<T>;
    if constexpr (is_scalar_field<T>) {
      write_number(*to_, v);
    } else if constexpr (kind == field_kind::text) {
      write_text(*to_, v);
    } else if constexpr (kind == field_kind::vector) {
      write_number(*to_, std::uint64_t{v.size()});
      items(v);
    } else if constexpr (kind == field_kind::array) {
      if (v.empty())
        to_->zeros(1);
      else
        items(v);
    } else if constexpr (kind == field_kind::optional) {
      write_number(*to_, static_cast<std::uint8_t>(v.has_value()));
      if (v) value(*v);
    } else {
      record(v);
    }
  }

 private:
  template <class C> void items(const C& v) {
    using T = typename C::value_type;
    if constexpr (is_scalar_field<T> && requires { v.data(); }) {
      write_block(*to_, v.data(), v.size());
    } else {
      if (is_scalar_field<T> && v.size() >= aligned_from) write_padding(*to_);  // vector<bool>
      for (const auto& item : v) value(static_cast<const T&>(item));
    }
  }
  template <class T> void record(const T& v) {
    const std::uint32_t outer = std::exchange(fields_, 0);
    readable_ = readable_ && depth_ < maximal_depth;
    ++depth_;
    if (readable_) visit_fields(v, *this);
    --depth_;
    if (fields_ == 0) to_->zeros(1);
    fields_ = outer;
  }

  byte_writer* to_;
  std::uint32_t fields_ = 0, depth_ = 0;
  bool readable_ = true;
};

}  // namespace mlsd::detail
