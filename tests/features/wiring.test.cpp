#include "mlsd/features/wiring.hpp"
#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/core/category.hpp"

namespace test_wiring {
using namespace mlsd;
using namespace mlsd::detail;
using test_features::visits;

using start = input_environment<visits>;                                                 // slots 0 to 8
using again = next_environment<start, wiring<slots<0>, types<float>, 9, types<float>>>;  // age, again
using named =
    next_environment<again,
                     wiring<slots<9, 3>, types<float, std::string_view>, 10, types<float, code>, names<"a", "b">>>;
using hidden = next_environment<named, hiding<slots<10>>>;
using last =
    next_environment<hidden, wiring<slots<11, 9>, types<code, float>, 12, types<code, float>>>;  // b and age, again

TEST_CASE("a name stands for the newest slot written under it", "[features]") {
  static_assert(slot_of<start, "age"> == 0 && slot_of<again, "age"> == 9 && slot_of<named, "age"> == 9);
  static_assert(slot_of<last, "age"> == 13 && slot_of<last, "b"> == 12 && slot_of<last, "a"> == 10);
  static_assert(slot_of<last, "city"> == 3);
  static_assert(has_name<last, "a"> && !has_name<again, "a"> && !has_name<last, "c">);
  SUCCEED();
}

TEST_CASE("a slot knows its type and the name it was first written under", "[features]") {
  static_assert(std::is_same_v<slot_type_t<last, 13>, float> && std::is_same_v<slot_type_t<last, 12>, code>);
  static_assert(std::is_same_v<slot_type_t<last, 3>, std::string_view>);
  static_assert(slot_name<last, 13>::view() == "age" && slot_name<last, 12>::view() == "b");
  static_assert(slot_name<last, 8>::view() == "bought");
  static_assert(name_of_slot(last::node, 13) == "age" && name_of_slot(last::node, 11) == "b");
  static_assert(last::count == 14 && hidden::count == 12);
  SUCCEED();
}

TEST_CASE("hidden slots stay hidden", "[features]") {
  static_assert(is_hidden_slot(last::node, 10) && !is_hidden_slot(last::node, 11) && !is_hidden_slot(named::node, 10));
  static_assert(!is_hidden_slot(last::node, 0));
  SUCCEED();
}

}  // namespace test_wiring
