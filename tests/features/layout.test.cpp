#include "mlsd/features/layout.hpp"

#include "catch.hpp"
#include "features/visits.hpp"

#include <array>
#include <vector>

namespace test_layout {
using namespace mlsd;
using namespace mlsd::detail;
using test_features::visits;

using block = std::array<float, 3>;
using start = input_environment<visits>;  // slots 0 to 8
using again = next_environment<start, wiring<slots<0>, types<float>, 9, types<float>>>;
using made = next_environment<again, wiring<slots<9, 0, 0>, types<float, float, float>, 10,
                                            types<block, code, timestamp>, names<"block", "place", "when">>>;
using newest = next_environment<made, wiring<slots<9>, types<float>, 13, types<float>>>;
using last = next_environment<newest, hiding<slots<11>>>;
constexpr auto plan = lay_out<last::count>(last::node, start::count);
constexpr auto open_plan = lay_out<newest::count>(newest::node, start::count);

TEST_CASE("the newest value of each name that a stage wrote comes out, unless it is hidden", "[features]") {
  static_assert(plan.numbers == 4 && plan.codes == 0);
  static_assert(plan.place[10].number == 0 && plan.place[10].width == 3 && plan.place[13].number == 3);
  static_assert(plan.place[9].number == nowhere && plan.place[11].code == nowhere);
  static_assert(plan.place[0].number == nowhere &&
                plan.place[12].number == nowhere);  // an input; neither number nor code
  static_assert(open_plan.codes == 1 && open_plan.place[11].code == 0);
  SUCCEED();
}

TEST_CASE("slots bear the name they were first written under", "[features]") {
  static_assert(plan.names[13] == "age" && plan.names[9] == "age" && plan.names[11] == "place");
  SUCCEED();
}

TEST_CASE("a row starts as it comes out, and no two values overlap", "[features]") {
  static_assert(open_plan.row[10] == 0 && open_plan.row[13] == 12 && open_plan.row[11] == 16);
  std::vector<bool> taken(plan.row_bytes);
  for (std::size_t k = 0; k < last::count; ++k) {
    if (k < start::count && !plan.is_read[k]) continue;
    const std::size_t size = k < start::count ? start::shapes[k].size : plan.place[k].size;
    for (std::size_t b = 0; b < size; ++b) {
      REQUIRE(plan.row[k] + b < taken.size());
      REQUIRE_FALSE(taken[plan.row[k] + b]);
      taken[plan.row[k] + b] = true;
    }
  }
  CHECK(plan.row[12] % alignof(timestamp) == 0);
}

TEST_CASE("numbers go to their columns in place, codes and blocks are copied there", "[features]") {
  const std::span<const slot_place> written = std::span(open_plan.place).subspan(start::count);
  const std::uint32_t cardinalities[] = {0, 0, 0, 0, 0};
  feature_matrix out(describe_columns(written, open_plan.names.data() + start::count, cardinalities, 4, 1), 5);
  REQUIRE(out.info().size() == 5);
  CHECK(out.info()[0].name == "block[0]");
  CHECK(out.info()[3].name == "age");
  CHECK(out.info()[4].name == "place");
  CHECK(out.info()[4].cardinality == 1);  // a code has at least one value

  std::vector<std::byte> scratch(scratch_bytes(written, 2));
  std::array<std::byte*, 5> to{};
  place_rows(written, 2, scratch.data(), out, 3, to.data());
  CHECK(reinterpret_cast<float*>(to[4]) == &out.number(3)[3]);
  auto* blocks = reinterpret_cast<block*>(to[1]);
  blocks[0] = {1, 2, 3};
  blocks[1] = {4, 5, 6};
  reinterpret_cast<code*>(to[2])[1] = {9};
  reinterpret_cast<float*>(to[4])[1] = 8;
  emit_columns(written, to.data(), 2, out, 3);
  CHECK(out.number(2)[3] == 3);
  CHECK(out.number(0)[4] == 4);
  CHECK(out.number(3)[4] == 8);
  CHECK(out.code(0)[4] == 9);
  CHECK(out.number(0)[2] == 0);
}

TEST_CASE("a kernel in a file is told by its stage and by what it writes and reads", "[features]") {
  const std::string_view all[] = {"age", "site", "age", "pair"};
  const std::size_t age[] = {0}, both[] = {0, 1}, site[] = {1};
  CHECK(stage_key(0, all, 2, age) == "0:age");
  CHECK(stage_key(12, all, 3, both) == "12:pair=age,site");
  CHECK(stage_key(2, all, 3, site) == "2:pair=site");
}

}  // namespace test_layout
