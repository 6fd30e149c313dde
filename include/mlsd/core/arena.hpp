#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace mlsd {

/// Memory that a request takes pieces of and gives back all at once: how stages get scratch without allocating.
/// Owned by the caller, one for each thread. Allocates only when made. O(1) a piece, plus its initialisation.
class arena {
 public:
  arena() = default;
  explicit arena(std::size_t bytes) : memory_(bytes) {}

  /// `n` values `T{}`, valid until the scope in which they were taken ends. Requires that they fit.
  template <class T> [[nodiscard]] std::span<T> take(std::size_t n) noexcept {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    void* at = memory_.data() + used_;
    std::size_t left = memory_.size() - used_;
    if (n == 0) return {};
    [[maybe_unused]] const bool fits = std::align(alignof(T), n * sizeof(T), at, left) != nullptr;
    assert(fits && "mlsd: an arena of scratch_bytes(n) bytes was asked for");
    used_ = memory_.size() - left + n * sizeof(T);
    T* const first = static_cast<T*>(at);
    std::uninitialized_value_construct_n(first, n);
    return {first, n};
  }
  /// What `take` of `n` values may use up, alignment included.
  template <class T> [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t n) noexcept {
    return n * sizeof(T) + alignof(T);
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return memory_.size(); }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }

  /// Gives back, when it ends, all that was taken since it began.
  class scope {
   public:
    explicit scope(arena& of) noexcept : of_(of), used_(of.used_) {}
    ~scope() { of_.used_ = used_; }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    arena& of_;
    std::size_t used_;
  };

 private:
  std::vector<std::byte> memory_{};
  std::size_t used_ = 0;
};

/// Bytes of scratch that a rule takes for `n` candidates of type C.
template <class C, class Rule>
[[nodiscard]] constexpr std::size_t scratch_bytes(const Rule& rule, std::size_t n) noexcept {
  if constexpr (requires { rule.template scratch_bytes<C>(n); })
    return rule.template scratch_bytes<C>(n);
  else
    return 0;
}

}  // namespace mlsd
