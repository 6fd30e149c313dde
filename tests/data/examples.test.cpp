#include "mlsd/data/examples.hpp"
#include "catch.hpp"

#include <limits>

namespace test_examples {
using namespace mlsd;

labelled_matrix some() { return {feature_matrix({{"a", 0}}, 3), {0, 1, 1}, {1, 2, 0.5f}, {0, 0, 1}}; }
template <class Change> std::string complaint(Change change) {
  labelled_matrix m = some();
  change(m);
  const auto r = check(m);
  return r ? std::string() : r.error().message;
}

TEST_CASE("sound examples pass, and without weights or groups too", "[data]") {
  CHECK(complaint([](auto&) {}).empty());
  CHECK(complaint([](auto& m) { m.weight.clear(), m.group.clear(); }).empty());
  CHECK(some().weight_of(2) == 0.5f);
  CHECK(labelled_matrix{}.weight_of(2) == 1);
}

TEST_CASE("what is wrong with examples is said with its row", "[data]") {
  const float inf = (std::numeric_limits<float>::infinity)(), nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(complaint([](auto& m) { m = {}; }) == "no rows");
  CHECK(complaint([](auto& m) { m.label.pop_back(); }) == "3 rows but 2 labels");
  CHECK(complaint([](auto& m) { m.weight.pop_back(); }) == "3 rows but 2 weights");
  CHECK(complaint([](auto& m) { m.group.pop_back(); }) == "3 rows but 2 groups");
  CHECK(complaint([&](auto& m) { m.label[1] = nan; }) == "row 1: the label is not finite");
  CHECK(complaint([&](auto& m) { m.label[2] = inf; }) == "row 2: the label is not finite");
  CHECK(complaint([](auto& m) { m.weight[0] = -1; }) == "row 0: the weight is negative or not finite");
  CHECK(complaint([&](auto& m) { m.weight[2] = nan; }) == "row 2: the weight is negative or not finite");
}

TEST_CASE("a training matrix hands out what it was promised", "[data]") {
  const auto x = training_matrix::out_of_fold(some());
  CHECK(x.size() == 3);
  CHECK(x.label()[1] == 1);
  CHECK(x.weight()[2] == 0.5f);
  CHECK(x.x().number_columns() == 1);
  CHECK(x.rows().group[2] == 1);
}

}  // namespace test_examples
