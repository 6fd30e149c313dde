#include "mlsd/testing/laws/rows.hpp"
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"
#include "mlsd/features/clip.hpp"
#include "mlsd/features/on.hpp"

#include <vector>

namespace test_laws_rows {
using namespace mlsd;

struct numbers {
  std::vector<float> x;
  explicit numbers(std::size_t n) : x(2 * n) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) / 8;
  }
  [[nodiscard]] mixed_columns columns() const { return {x.size() / 2, 2, 0, x.size() / 2, x.data(), nullptr}; }
};

/// Scores with the mean of its batch: a row depends on its neighbours.
struct centred : archetypes::scorer {
  using archetypes::scorer::operator();
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    archetypes::scorer::operator()(x, out);
    double mean = 0;
    for (const double v : out) mean += v / static_cast<double>(x.rows);
    for (double& v : out) v -= mean;
  }
};
/// Is right for rows and batches, but reads beyond a slice's stride.
struct ignores_stride : archetypes::scorer {
  using archetypes::scorer::operator();
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    for (std::size_t i = 0; i < x.rows; ++i)
      out[i] = static_cast<double>(x.rows % 7 == 2 ? x.numbers[x.rows - 1 - i] : x.numbers[i]);
  }
};

TEST_CASE("the law of batches holds for the archetype and catches the broken", "[testing]") {
  const numbers some(100), none(0);
  CHECK(laws::batch_equals_rows(archetypes::scorer{}, some.columns()));
  CHECK(laws::batch_equals_rows(archetypes::scorer{}, none.columns()));
  const auto caught = laws::batch_equals_rows(centred{}, some.columns());
  REQUIRE_FALSE(caught);
  CHECK(caught.error().message.find("row == batch: row 0 is ") == 0);
  const auto slice = laws::batch_equals_rows(ignores_stride{}, some.columns());
  REQUIRE_FALSE(slice);
}

using namespace mlsd::literals;
struct item {
  float x;
};
inline constexpr schema items{"x"_f = &item::x};

/// A pipeline whose table form has another last bit.
template <class Features> struct another_bit {
  Features features;
  auto operator()(const item& i) const noexcept { return features(i); }
  auto operator()(const frame<items>& t) const { return operator()(t, sequential{}); }
  template <executor Ex> auto operator()(const frame<items>& t, Ex&& ex) const {
    auto m = features(t, ex);
    if (m.rows() > 50) m.number(0)[50] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(m.number(0)[50]) ^ 1u);
    return m;
  }
  auto rows(const frame<items>& t, std::size_t a, std::size_t n) const { return features.rows(t, a, n); }
};

TEST_CASE("the law of tables holds for a pipeline and names the row and the feature that break it", "[testing]") {
  frame<items> table;
  for (int i = 0; i < 200; ++i) table.push_back({static_cast<float>(i % 13)});
  const auto features = (from<items>() | on("x"_f)(clip{1, 8})).fit(table).value().features;
  CHECK(laws::table_equals_rows(features, table));
  CHECK(laws::table_equals_rows(features, frame<items>{}));
  const auto caught = laws::table_equals_rows(another_bit<decltype(features)>{features}, table);
  REQUIRE_FALSE(caught);
  CHECK(caught.error().message.find("row == batch: row 50, feature 'x' is ") == 0);
}

}  // namespace test_laws_rows
