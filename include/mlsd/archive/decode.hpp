#pragma once

#include "mlsd/archive/byte_stream.hpp"
#include "mlsd/archive/describe.hpp"
#include "mlsd/archive/schema_difference.hpp"

namespace mlsd::detail {

/// An archive that counts the fewest bytes that a value of this type can take in a payload: what bounds a count.
class smallest_size {
 public:
  template <class T> [[nodiscard]] static std::uint64_t of() {
    if constexpr (is_scalar_field<T>) {
      return sizeof(T);
    } else if constexpr (kind_of<T> == field_kind::text || kind_of<T> == field_kind::vector) {
      return 8;
    } else if constexpr (kind_of<T> == field_kind::optional) {
      return 1;
    } else if constexpr (kind_of<T> == field_kind::array) {
      return (std::max)(std::uint64_t{1}, std::tuple_size_v<T> * of<typename T::value_type>());
    } else {
      smallest_size fields;
      const T value{};
      visit_fields(value, fields);
      return (std::max)(std::uint64_t{1}, fields.sum_);
    }
  }
  template <class T> void operator()(std::string_view, const T&) { sum_ += of<T>(); }

 private:
  std::uint64_t sum_ = 0;
};

/// An archive that reads a payload into what it visits. Every count is bounded by the bytes that are left before memory
/// is asked for; the path to what failed is put together on the way out.
class decoder {
 public:
  decoder(std::span<const std::byte> file, std::uint64_t at, std::uint64_t end) noexcept : from_(file, at, end) {}

  [[nodiscard]] bool failed() const noexcept { return from_.failed(); }
  [[nodiscard]] std::uint64_t at() const noexcept { return from_.at(); }
  [[nodiscard]] std::uint64_t left() const noexcept { return from_.left(); }
  /// Requires `failed()`.
  template <class = void> [[nodiscard]] error take_failure() {
    error e = std::move(from_.failure());
    e.message = at_path(path_, e.message);
    return e;
  }

  template <class T> void operator()(std::string_view name, T& field) {
    ++fields_;
    if (failed()) return;
    value(field);
    if (failed()) prepend(name);
  }

  template <class T> void value(T& v) {
    static_assert(require_archivable<T>());
    constexpr field_kind kind = kind_of<T>;
    if constexpr (kind == field_kind::boolean) {
      v = from_.flag("a bool");
    } else if constexpr (is_scalar_field<T>) {
      v = from_.number<T>();
    } else if constexpr (kind == field_kind::text) {
      v = from_.text();
    } else if constexpr (kind == field_kind::vector) {
      vector(v);
    } else if constexpr (kind == field_kind::array) {
      array(v);
    } else if constexpr (kind == field_kind::optional) {
      v.reset();
      if (from_.flag("the mark of an optional value")) value(v.emplace());
    } else {
      record(v);
    }
  }

 private:
  [[gnu::noinline]] void prepend(std::string_view name) { path_.insert(0, joined({name, path_.empty() ? "" : "."})); }

  template <class C> void items(C& v) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      value(v[i]);
      if (failed()) return prepend(std::to_string(i));
    }
  }
  template <class T, class Allocator> void vector(std::vector<T, Allocator>& v) {
    v.clear();
    if constexpr (is_scalar_field<T>) {
      const auto n = static_cast<std::size_t>(from_.count(sizeof(T)));
      const std::byte* block = from_.block(n, sizeof(T));
      if (block == nullptr) return;
      v.reserve(n);
      if constexpr (kind_of<T> == field_kind::boolean) {
        if (const std::size_t bad = first_bad_flag(block, n); bad < n) return;
        for (std::size_t i = 0; i < n; ++i) v.push_back(block[i] != std::byte{0});
      } else {
        constexpr std::size_t step =
            65536 / sizeof(T);  // what resize() zeroes is still in the cache when it is overwritten
        for (std::size_t done = 0; done < n;) {
          const std::size_t k = (std::min)(step, n - done);
          v.resize(done + k);
          read_block(v.data() + done, block + done * sizeof(T), k);
          done += k;
        }
      }
    } else {
      const std::uint64_t n = from_.count(smallest_size::of<T>());
      if (failed()) return;
      v.resize(static_cast<std::size_t>(n));
      items(v);
    }
  }
  template <class T, std::size_t N> void array(std::array<T, N>& v) {
    if constexpr (N == 0) {
      from_.zero_byte();
    } else if constexpr (is_scalar_field<T>) {
      if (from_.bounded(N, sizeof(T), from_.at()) != N) return;
      const std::byte* block = from_.block(N, sizeof(T));
      if (block == nullptr) return;
      if constexpr (kind_of<T> == field_kind::boolean)
        if (first_bad_flag(block, N) < N) return;
      read_block(v.data(), block, N);
    } else {
      items(v);
    }
  }
  /// n where all are 0 or 1.
  template <class = void>
  [[nodiscard]] [[gnu::noinline]] std::size_t first_bad_flag(const std::byte* block, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      if (block[i] <= std::byte{1}) continue;
      from_.fail(
          errc::corrupt,
          joined({"bool ", std::to_string(i), " is ", std::to_string(static_cast<int>(block[i])), ", not 0 or 1"}),
          from_.at() - n + i);
      return i;
    }
    return n;
  }
  [[gnu::noinline]] void too_deep() { from_.fail(errc::corrupt, "objects are nested too deep"); }
  template <class T> void record(T& v) {
    if (depth_ >= maximal_depth) return too_deep();
    [[maybe_unused]] const std::uint64_t start = from_.at();
    const std::uint32_t outer = std::exchange(fields_, 0);
    ++depth_;
    visit_fields(v, *this);
    --depth_;
    if (fields_ == 0) from_.zero_byte();
    fields_ = outer;
    if (failed()) return;
    if constexpr (has_invariants<T>)
      if (result<void> sound = validate_fields(v); !sound) from_.fail(sound.error().code, sound.error().message, start);
  }

  byte_reader from_;
  std::string path_{};
  std::uint32_t fields_ = 0, depth_ = 0;
};

}  // namespace mlsd::detail
