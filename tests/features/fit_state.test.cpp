#include "mlsd/features/fit_state.hpp"

#include "catch.hpp"

namespace test_fit_state {
using namespace mlsd::detail;

TEST_CASE("a fit has room for every value that stages write", "[features]") {
  const std::vector<float> ages{1, 2, 3};
  fit_state state;
  state.rows = 3;
  state.inputs = 1;
  state.table = {&ages};
  int stage = 0;
  const slot_place places[] = {{.size = 4}, {.size = 8}};
  void* const stages[] = {&stage};
  state.allocate(places, stages);
  CHECK(state.values[0].size() == 12);
  CHECK(state.values[1].size() == 24);
  CHECK(state.stages.front() == &stage);
  const column_slots columns = state.columns();
  CHECK(columns.reader<float>(0)[2] == 3);
  columns.writer<double>(2)[1] = 7;
  CHECK(columns.reader<double>(2)[1] == 7);
}

}  // namespace test_fit_state
