#include "mlsd/scoring/linear_layout.hpp"

#include "catch.hpp"
#include "round_trip.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace test_linear_layout {
using namespace mlsd;

TEST_CASE("linear_layout: numbers, then blocks of codes, then weights of missing numbers, without gap or overlap") {
  const linear_layout l(2, std::vector<std::uint32_t>{3, 1});
  CHECK(l.numbers() == 2);
  CHECK(l.codes() == 2);
  CHECK(l.sparse_width() == 6);
  CHECK(l.size() == 8);
  CHECK(l.cardinality(0) == 3);
  CHECK(l.cardinality(1) == 1);
  const std::vector<std::size_t> places{l.number(0),  l.number(1),  l.code(0, 0), l.code(0, 1),
                                        l.code(0, 2), l.code(1, 0), l.missing(0), l.missing(1)};
  for (std::size_t i = 0; i < 8; ++i) CHECK(places[i] == i);
  CHECK(l.code(0, 3) == linear_layout::nowhere);
  CHECK(l.code(1, 0xffffffff) == linear_layout::nowhere);
  CHECK(linear_layout{}.size() == 0);
}

TEST_CASE("is_present: finite numbers, -0 and subnormals too") {
  using limits = std::numeric_limits<float>;
  for (const float x : {0.0f, -0.0f, 1.0f, limits::denorm_min(), limits::lowest(), (limits::max)()})
    CHECK(is_present(x));
  for (const float x : {limits::quiet_NaN(), limits::infinity(), -limits::infinity()}) CHECK_FALSE(is_present(x));
}

// Stands for the archive that reads a hostile file: writes what it likes into the field "offset".
struct hostile_offsets {
  std::vector<std::uint64_t> offset;
  template <class T> void operator()(std::string_view, T& field) const { field = offset; }
};

TEST_CASE("linear_layout: hostile offsets do not pass") {
  const auto valid = [](std::vector<std::uint64_t> offset) {
    linear_layout l;
    hostile_offsets ar{std::move(offset)};
    linear_layout::describe(l, ar);
    return l.validate().has_value();
  };
  CHECK(valid({0}));
  CHECK(valid({2, 5, 6}));
  CHECK_FALSE(valid({}));
  CHECK_FALSE(valid({5, 4}));
  CHECK_FALSE(valid({5, 5}));
  CHECK_FALSE(valid({~std::uint64_t{0}}));
  CHECK_FALSE(valid({1, ~std::uint64_t{0}}));
  CHECK_FALSE(valid({1, 0x200000000}));
}

TEST_CASE("linear_layout: a file gives it back") {
  CHECK(mlsd_test::round_trips(linear_layout(3, std::vector<std::uint32_t>{5, 0xffffffff})));
}

}  // namespace test_linear_layout
