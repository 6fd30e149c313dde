#pragma once

#include "mlsd/archive/fp_mode.hpp"
#include "mlsd/archive/schema.hpp"
#include "mlsd/core/hash.hpp"

namespace mlsd {

namespace detail {

/// An archive that hashes names, types, versions and bits: each token is hashed with the state so far as its seed.
class fingerprinter {
 public:
  template <class T> void operator()(std::string_view name, const T& field) {
    ++fields_;
    state_ = xxh64(name, state_);
    value(field);
  }
  template <class T> void value(const T& v) {
    static_assert(require_archivable<T>());
    constexpr field_kind kind = kind_of<T>;
    if constexpr (is_scalar_field<T>) {
      const auto bits = to_little_endian(v);
      std::array<std::byte, 1 + sizeof(T)> token{std::byte{static_cast<std::uint8_t>(wire_of<T>())}};
      std::copy(bits.begin(), bits.end(), token.begin() + 1);
      state_ = xxh64(token, state_);
    } else if constexpr (kind == field_kind::text) {
      token(wire::text, v.size());
      state_ = xxh64(std::string_view(v), state_);
    } else if constexpr (kind == field_kind::vector) {
      token(wire::vector, v.size());
      items(v);
    } else if constexpr (kind == field_kind::array) {
      token(wire::array, v.size());
      items(v);
    } else if constexpr (kind == field_kind::optional) {
      token(wire::optional, v.has_value());
      if (v) value(*v);
    } else {
      token(wire::record, version_of<T>());
      state_ = xxh64(type_name_of<T>(), state_);
      const std::uint32_t outer = std::exchange(fields_, 0);
      visit_fields(v, *this);
      token(wire::record, std::exchange(fields_, outer));
    }
  }
  void mix(std::uint64_t number) { state_ = xxh64(to_little_endian(number), state_); }
  [[nodiscard]] std::uint64_t state() const noexcept { return state_; }

 private:
  template <class = void> void token(wire kind, std::uint64_t count) {
    state_ = xxh64(std::array{std::byte{static_cast<std::uint8_t>(kind)}}, state_);
    mix(count);
  }
  template <class C> void items(const C& v) {
    using T = typename C::value_type;
    if constexpr (kind_of<T> == field_kind::boolean || !is_scalar_field<T>) {
      for (const auto& item : v) value(static_cast<const T&>(item));
    } else {
      token(wire_of<T>(), sizeof(T));
      if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
        state_ = xxh64(std::as_bytes(std::span(v.data(), v.size())), state_);
      } else {
        std::vector<std::byte> bytes;
        byte_writer to(bytes);
        for (const T& item : v) write_number(to, item);
        state_ = xxh64(bytes, state_);
      }
    }
  }

  std::uint64_t state_ = 0;
  std::uint32_t fields_ = 0;
};

}  // namespace detail

/// 64 bits over names, types, versions and the bits of all values: equal for equal values in every process and on every
/// machine, for ever. NaN is hashed by its bits, 0 and -0 differ. O(bytes), no allocation. A chain of XXH64 (Collet).
template <class T> [[nodiscard]] std::uint64_t fingerprint(const T& value) {
  detail::fingerprinter h;
  h.value(value);
  return h.state();
}

/// The fingerprint of a value together with how a program rounds: what users' kernels will make of it.
/// `fingerprint(model, fp_mode_of_build())`.
template <class T> [[nodiscard]] std::uint64_t fingerprint(const T& value, fp_mode mode) {
  detail::fingerprinter h;
  h.value(value);
  h.mix(static_cast<std::uint64_t>(mode));
  return h.state();
}

}  // namespace mlsd
