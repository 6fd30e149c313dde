#include "mlsd/training/loss/class_loss.hpp"

#include "catch.hpp"
#include "mlsd/training/loss/logistic.hpp"
#include "mlsd/training/loss/softmax.hpp"
#include "mlsd/training/loss/xe_ndcg.hpp"
#include "training/loss/loss_laws.hpp"

#include <vector>

namespace test_loss_class_loss {

using namespace mlsd;
using loss_laws::says;

static_assert(class_loss<softmax>);
static_assert(!class_loss<logistic> && !class_loss<xe_ndcg> && !loss_function<softmax> && !group_loss<softmax>);

TEST_CASE("class loss: the largest label says how many classes there are, whatever the labels are") {
  const auto classes = [](std::vector<float> labels, std::vector<float> weights = {}) {
    return detail::classes_of(labels, weights);
  };
  CHECK(classes({0, 2, 1}) == 3);
  CHECK(classes({}) == 1);
  CHECK(classes({-7, 0}) == 1);
  CHECK(classes({1e30f, INFINITY}) == detail::most_classes);
  CHECK(classes({NAN, 4}) == 5);
  CHECK(classes({0, 9, 2}, {1, 0, 1}) == 3);  // a row of weight 0 is none
}

TEST_CASE("class loss: labels that are no classes are named, and one class is none") {
  const auto check = [](std::vector<float> labels, std::size_t classes, std::vector<float> weights = {}) {
    return detail::check_class_labels(labels, weights, classes, "a loss");
  };
  CHECK(check({0, 2, 0}, 3));  // class 1 does not occur
  says(check({0, 1, 3}, 3), errc::invalid_argument, "row 2: the label is 3");
  says(check({0, 1, 3}, 3), errc::invalid_argument, "a loss needs a whole number from 0 to 2");
  says(check({0, 0.5f}, 3), errc::invalid_argument, "row 1: the label is 0.5");
  says(check({-1, 1}, 3), errc::invalid_argument, "row 0");
  says(check({1, NAN}, 3), errc::invalid_argument, "row 1");
  CHECK(check({0, 9, 0.5f, 1}, 2, {1, 0, 0, 2}));
  says(check({0, 9, 1}, 2, {1, 0.5f, 2}), errc::invalid_argument, "row 1: the label is 9, a loss needs");
  says(check({2, 2}, 3), errc::one_class, "every row has label 2");
  says(check({2, 1}, 3, {1, 0}), errc::one_class, "every row has label 2");
  says(check({2, 1}, 3, {0, 0}), errc::invalid_argument, "zero");
}

}  // namespace test_loss_class_loss
