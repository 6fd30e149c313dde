#include "mlsd/training/gbdt/class_evaluation.hpp"

#include "catch.hpp"
#include "mlsd/metrics/accuracy.hpp"
#include "mlsd/metrics/multi_log_loss.hpp"
#include "mlsd/training/gbdt/early_stopping.hpp"
#include "mlsd/training/loss/softmax.hpp"

#include <cmath>
#include <vector>

namespace test_class_evaluation {

using namespace mlsd;

/// The weighted share of the label.
struct share_of_label {
  static constexpr bool greater_is_better = true;
  double sum = 0, total = 0;
  void update(std::span<const double> p, float label, float weight) {
    sum += static_cast<double>(weight) * p[static_cast<std::size_t>(label)];
    total += static_cast<double>(weight);
  }
  [[nodiscard]] double value() const { return sum / total; }
};
static_assert(class_metric<share_of_label> && !validation_metric<share_of_label> && !group_metric<share_of_label>);

// The library's own may stop training, of two classes too.
static_assert(class_metric<multi_log_loss> && class_metric<accuracy> && validation_metric<accuracy>);

TEST_CASE("class evaluation: a loss sees margins, a metric shares; rows without weight are not seen") {
  labelled_matrix rows{feature_matrix({}, 3), {0, 1, 1}, {1, 3, 0}, {}};
  const std::vector<std::vector<double>> margins{{0, 0}, {std::log(1.0), std::log(4.0)}, {NAN, NAN}};
  const auto read = [&](std::size_t i, std::span<double> out) {
    for (std::size_t k = 0; k < 2; ++k) out[k] = margins[i][k];
  };
  const auto evaluated = [&](auto metric) {
    return detail::evaluate_classes(metric, rows, 2, link_function::softmax, read);
  };
  CHECK(evaluated(share_of_label{}) == Approx((0.5 + 3 * 0.8) / 4));
  CHECK(evaluated(softmax{}) == Approx((-std::log(0.5) - 3 * std::log(0.8)) / 4));
  CHECK(evaluated(multi_log_loss{}) == Approx(evaluated(softmax{})).epsilon(1e-14));
  CHECK(evaluated(accuracy{}) == 1);
  rows.weight = {0, 0, 0};
  CHECK(std::isnan(evaluated(softmax{})));
  CHECK(std::isnan(evaluated(share_of_label{})));
}

}  // namespace test_class_evaluation
