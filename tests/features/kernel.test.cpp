#include "mlsd/features/kernel.hpp"
#include "catch.hpp"

#include <cmath>

namespace test_kernel {
using namespace mlsd;

enum class colour : std::uint8_t { red, blue };

TEST_CASE("a stored value becomes a number or a category, and missing stays missing", "[features]") {
  using detail::as_kernel_value;
  CHECK(as_kernel_value<false>(2.5) == 2.5f);
  CHECK(as_kernel_value<false>(true) == 1.0f);
  CHECK(as_kernel_value<false>(std::int64_t{-3}) == -3.0f);
  CHECK(as_kernel_value<false>(colour::blue) == 1.0f);
  CHECK(std::isnan(as_kernel_value<false>(std::optional<int>{})));
  CHECK(as_kernel_value<false>(std::optional<double>{2}) == 2.0f);
  CHECK(as_kernel_value<true>(std::uint32_t{16'777'217}) == category(16'777'217));
  CHECK(as_kernel_value<true>(colour::blue) == category(1));
  CHECK(as_kernel_value<true>(std::string_view("a")) == category("a"));
  CHECK(as_kernel_value<true>(std::string_view()).is_missing());
  CHECK(as_kernel_value<true>(std::optional<int>{}).is_missing());
  CHECK(as_kernel_value<true>(std::optional<int>{7}) == category(7));
  CHECK(as_kernel_value<true>(code{3}) == category(3));
  CHECK(as_kernel_value<false>(code{3}) == code{3});
  // Text behind an optional is a category for every kernel, a time stamp behind one stays as it is.
  CHECK(as_kernel_value<false>(std::optional<std::string_view>{}).is_missing());
  CHECK(as_kernel_value<true>(std::optional<timestamp>{timestamp{5}})->ms == 5);
}

TEST_CASE("kernels run from left to right in one fused kernel", "[features]") {
  struct doubled {
    constexpr float operator()(float x) const noexcept { return 2 * x; }
  };
  struct next {
    constexpr float operator()(float x) const noexcept { return x + 1; }
  };
  static_assert(fused_kernel<doubled, next>{}(3.0f) == 7.0f);
  static_assert(number_kernel<fused_kernel<doubled, next>>);
  static_assert(!category_kernel<fused_kernel<doubled, next>>);
  struct throwing {
    float operator()(float x) const { return x; }
  };
  static_assert(!number_kernel<throwing>);
  static_assert(!number_kernel<fused_kernel<doubled, throwing>>);
  SUCCEED();
}

}  // namespace test_kernel
