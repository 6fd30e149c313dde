#include "mlsd/features/stage.hpp"
#include "catch.hpp"

#include <bit>
#include <cmath>
#include <vector>

namespace test_stage {
using namespace mlsd;
using namespace mlsd::detail;

struct of_number {
  float operator()(float x) const noexcept { return x * 0.1f + 1; }
};
struct of_category {
  code operator()(const category& c) const noexcept { return {static_cast<std::uint32_t>(c.number())}; }
};
struct of_user {
  float operator()(std::uint32_t x) const noexcept { return static_cast<float>(x % 10); }
};
struct of_two {
  float operator()(float a, float b) const noexcept { return a - b; }
};

TEST_CASE("how a kernel takes a stored value", "[features]") {
  static_assert(reading_of_each<of_number, float>() == reading_of_each<of_number, double>());
  static_assert(reading_of_each<of_number, int>() == reading::number);
  static_assert(reading_of_each<of_number, std::string_view>() == reading::impossible);
  static_assert(reading_of_each<of_number, std::optional<std::string_view>>() == reading::impossible);
  static_assert(reading_of_each<of_number, std::optional<timestamp>>() == reading::impossible);
  static_assert(reading_of_each<of_category, int>() == reading::category);
  static_assert(reading_of_each<of_category, std::string_view>() == reading::category);
  static_assert(reading_of_each<of_category, std::optional<std::string_view>>() == reading::category);
  static_assert(reading_of_each<of_category, float>() == reading::impossible);
  static_assert(reading_of_each<of_user, std::uint32_t>() == reading::exact);
  static_assert(reading_of_derived<of_two, double, int>() != reading::impossible);
  static_assert(std::is_same_v<written_t<double>, float> && std::is_same_v<written_t<bool>, float>);
  static_assert(std::is_same_v<written_t<code>, code> && std::is_same_v<written_t<std::string_view>, category>);
  SUCCEED();
}

TEST_CASE("the column driver and a call give the same bits at every length", "[features]") {
  std::vector<float> in(3 * tile_rows), out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i * 2654435761u % 9973) / 7;
  in[5] = std::nanf("");
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, tile_rows - 1, tile_rows, tile_rows + 1, in.size()}) {
    out.assign(out.size(), -7);
    run_column<reading::number>(of_number{}, n, out.data(), column_reader<float>{in.data()});
    for (std::size_t i = 0; i < n; ++i)
      REQUIRE(std::bit_cast<std::uint32_t>(out[i]) ==
              std::bit_cast<std::uint32_t>(call_kernel<reading::number>(of_number{}, in[i])));
    for (std::size_t i = n; i < out.size(); ++i) REQUIRE(out[i] == -7);
  }
}

}  // namespace test_stage
