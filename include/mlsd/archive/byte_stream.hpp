#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "mlsd/archive/text.hpp"
#include "mlsd/core/result.hpp"

/// The primitives of the file format, in both directions: little-endian numbers, counts that are bounded before
/// anything is allocated, and blocks that lie on 64 bytes.
namespace mlsd::detail {

static_assert(sizeof(float) == 4 && sizeof(double) == 8 && std::numeric_limits<double>::is_iec559);

/// Blocks of at least `aligned_from` bytes, and every chunk, start at a multiple of `alignment` in the file.
inline constexpr std::size_t alignment = 64, aligned_from = 256;
/// Values nested deeper than this are neither written nor read.
inline constexpr std::uint32_t maximal_depth = 256;

[[nodiscard]] constexpr std::uint64_t aligned(std::uint64_t at) noexcept {
  return (at + (alignment - 1)) & ~std::uint64_t{alignment - 1};
}

template <class N> [[nodiscard]] constexpr std::array<std::byte, sizeof(N)> to_little_endian(N number) noexcept {
  auto bytes = std::bit_cast<std::array<std::byte, sizeof(N)>>(number);
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// Requires sizeof(N) readable bytes.
template <class N> [[nodiscard]] inline N from_little_endian(const std::byte* from) noexcept {
  std::array<std::byte, sizeof(N)> bytes;
  std::memcpy(bytes.data(), from, sizeof(N));
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<N>(bytes);
}

template <class N> inline void overwrite(std::vector<std::byte>& bytes, std::size_t at, N number) noexcept {
  const auto le = to_little_endian(number);
  std::memcpy(bytes.data() + at, le.data(), sizeof(N));
}

/// Appends to bytes that become the file, or only counts them: `size()` is the offset in the file.
class byte_writer {
 public:
  explicit byte_writer(std::vector<std::byte>& out) noexcept : out_(&out), size_(out.size()) {}
  /// Counts on from an offset.
  explicit byte_writer(std::uint64_t offset) noexcept : size_(offset) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  template <class = void> void bytes(const void* from, std::size_t n) {
    const auto* first = static_cast<const std::byte*>(from);
    if (out_ != nullptr && n != 0) out_->insert(out_->end(), first, first + n);
    size_ += n;
  }
  template <class = void> void zeros(std::size_t n) {
    if (out_ != nullptr) out_->resize(out_->size() + n);
    size_ += n;
  }

 private:
  std::vector<std::byte>* out_ = nullptr;
  std::uint64_t size_;
};

template <class N> void write_number(byte_writer& to, N number) {
  const auto le = to_little_endian(number);
  to.bytes(le.data(), le.size());
}
template <class = void> void write_text(byte_writer& to, std::string_view text) {
  write_number(to, std::uint64_t{text.size()});
  to.bytes(text.data(), text.size());
}
inline void write_padding(byte_writer& to) { to.zeros(static_cast<std::size_t>(aligned(to.size()) - to.size())); }

/// n numbers, end to end.
template <class N> void write_block(byte_writer& to, const N* first, std::size_t n) {
  if (n * sizeof(N) >= aligned_from) write_padding(to);
  if constexpr (std::endian::native == std::endian::little || sizeof(N) == 1)
    to.bytes(first, n * sizeof(N));
  else
    for (std::size_t i = 0; i < n; ++i) write_number(to, first[i]);
}

/// Reads [at, end) of a file. The first failure sticks: what follows reads zeros and changes nothing.
class byte_reader {
 public:
  byte_reader() = default;
  byte_reader(std::span<const std::byte> file, std::uint64_t at, std::uint64_t end) noexcept
      : file_(file.data()), at_(at), end_(end) {}

  [[nodiscard]] std::uint64_t at() const noexcept { return at_; }
  [[nodiscard]] std::uint64_t left() const noexcept { return end_ - at_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] error& failure() noexcept { return failure_; }

  template <class = void> [[gnu::noinline]] void fail(errc code, std::string message, std::uint64_t position) {
    if (std::exchange(failed_, true)) return;
    failure_ = {.code = code, .message = std::move(message), .position = position};
  }
  void fail(errc code, std::string message) { fail(code, std::move(message), at_); }

  /// The next n bytes, or nullptr.
  template <class = void> [[nodiscard]] const std::byte* take(std::uint64_t n) {
    if (failed_) return nullptr;
    if (n > left()) return too_short(n);
    at_ += n;
    return file_ + (at_ - n);
  }
  template <class N> [[nodiscard]] N number() {
    const std::byte* from = take(sizeof(N));
    return from == nullptr ? N{} : from_little_endian<N>(from);
  }
  /// A byte that must be 0 or 1.
  template <class = void> [[nodiscard]] [[gnu::noinline]] bool flag(const char* what) {
    const auto byte = number<std::uint8_t>();
    if (byte > 1) fail(errc::corrupt, joined({what, " is ", std::to_string(byte), ", not 0 or 1"}), at_ - 1);
    return byte == 1;
  }
  template <class = void> [[gnu::noinline]] void zero_byte() {
    if (number<std::uint8_t>() != 0) fail(errc::corrupt, "a byte that must be zero is not", at_ - 1);
  }
  /// A count of items that take at least `smallest` bytes each, so that it cannot exceed what is left.
  template <class = void> [[nodiscard]] std::uint64_t count(std::uint64_t smallest) {
    const auto n = number<std::uint64_t>();
    return bounded(n, smallest, at_ - (failed_ ? 0 : 8));
  }
  template <class = void>
  [[nodiscard]] [[gnu::noinline]] std::uint64_t bounded(std::uint64_t n, std::uint64_t smallest,
                                                        std::uint64_t position) {
    if (failed_) return 0;
    if (n <= left() / smallest) return n;
    fail(errc::corrupt,
         joined({"a count of ", std::to_string(n), " needs at least ", std::to_string(smallest), " bytes each, ",
                 std::to_string(left()), " are left here"}),
         position);
    return 0;
  }
  template <class = void> [[nodiscard]] [[gnu::noinline]] std::string_view text() {
    const std::uint64_t n = count(1);
    const std::byte* from = take(n);
    return from == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(from), n);
  }
  /// The n items of `size` bytes that `write_block` wrote; nullptr on failure or for none. Requires `bounded(n, size)`.
  template <class = void> [[nodiscard]] [[gnu::noinline]] const std::byte* block(std::uint64_t n, std::uint64_t size) {
    if (n * size >= aligned_from)
      for (std::uint64_t pad = aligned(at_) - at_; pad != 0 && !failed_; --pad) zero_byte();
    return n == 0 ? nullptr : take(n * size);
  }

 private:
  template <class = void> [[gnu::noinline]] const std::byte* too_short(std::uint64_t n) {
    fail(errc::corrupt, joined({"needs ", std::to_string(n), " bytes, ", std::to_string(left()), " are left here"}));
    return nullptr;
  }

  const std::byte* file_ = nullptr;
  std::uint64_t at_ = 0, end_ = 0;
  bool failed_ = false;
  error failure_{};
};

/// n numbers from the bytes of a block.
template <class N> void read_block(N* to, const std::byte* from, std::size_t n) noexcept {
  if constexpr (std::endian::native == std::endian::little || sizeof(N) == 1) {
    if (n != 0) std::memcpy(to, from, n * sizeof(N));
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] = from_little_endian<N>(from + i * sizeof(N));
  }
}

}  // namespace mlsd::detail
