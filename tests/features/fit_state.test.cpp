#include "mlsd/features/fit_state.hpp"
#include "catch.hpp"

namespace test_fit_state {
using namespace mlsd::detail;

TEST_CASE("slots below the inputs are the table's columns, the others are written by the fit", "[features]") {
  const std::vector<float> ages{1, 2, 3};
  mlsd::text_column cities;
  for (const char* c : {"x", "y", "z"}) cities.push_back(c);
  fit_state state;
  state.rows = 3;
  state.inputs = 2;
  state.table = {&ages, &cities};
  state.written.resize(1);
  CHECK(state.reader<float>(0)[2] == 3);
  CHECK(state.reader<std::string_view>(1)[1] == "y");
  state.writer<std::uint32_t>(2)[1] = 7;
  CHECK(state.reader<std::uint32_t>(2)[1] == 7);
  CHECK(state.written[0].size() == 12);
}

}  // namespace test_fit_state
