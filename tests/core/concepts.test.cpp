// Each contract takes its archetype (archetypes.hpp says so) and refuses what lacks one thing.
#include "catch.hpp"
#include "mlsd/core/archetypes.hpp"

#include <vector>

namespace test_concepts {
using namespace mlsd;

struct throwing_scorer {
  double operator()(const mixed_row&) const { return 0; }
};
struct non_const_kernel {
  float operator()(float x) noexcept { return x; }
};
struct stage_without_merge {
  struct statistics {};
  void observe(statistics&, float) const {}
  int fit(const statistics&) const { return 0; }
};
struct metric_without_merge {
  void update(float) {}
  double value() const { return 0; }
  friend bool operator==(const metric_without_merge&, const metric_without_merge&) = default;
};
struct metric_without_identity : archetypes::monitor {
  explicit metric_without_identity(int) {}
};
struct reader_only {
  using key_type = int;
  using row_type = int;
  found<int> as_of(int, timestamp) const noexcept { return {}; }
};
struct throwing_sink {
  bool operator()(const int&) { return true; }
};
struct plain_fit {
  template <class Loss, class Data> archetypes::scorer fit(const Data&) const { return {}; }
};

TEST_CASE("the contracts refuse what lacks one thing", "[core]") {
  static_assert(!scorer<throwing_scorer> && !scorer<int> && scorer<archetypes::scorer>);
  static_assert(!kernel<non_const_kernel, float> && !kernel<archetypes::kernel, std::string_view>);
  static_assert(!learning_stage<stage_without_merge, float>);
  static_assert(!monitor<metric_without_merge, float> && !monitor<metric_without_identity, float>);
  static_assert(!store<reader_only> && !sink<throwing_sink, int> && !trainer<plain_fit, archetypes::loss, int>);
  static_assert(!batch_scorer<throwing_scorer> && !multi_scorer<archetypes::scorer>);
  static_assert(!detector<archetypes::monitor> && !communicator<int> && !source<std::vector<int>>);
  SUCCEED();
}

TEST_CASE("found is true where there is a row", "[core]") {
  CHECK_FALSE(found<int>{});
  CHECK(found<int>{}.reason == absence::no_key);
  CHECK(found<int>{3, absence::none});
  CHECK_FALSE(found<int>{3, absence::expired});
  // The order of precedence.
  CHECK(absence::no_key < absence::not_yet_created);
  CHECK(absence::not_yet_created < absence::too_new);
  CHECK(absence::too_new < absence::expired);
}

}  // namespace test_concepts
