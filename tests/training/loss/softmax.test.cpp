#include "mlsd/training/loss/softmax.hpp"

#include "catch.hpp"
#include "mlsd/training/loss/logistic.hpp"
#include "training/loss/loss_laws.hpp"

#include <cmath>
#include <vector>

namespace test_loss_softmax {

using namespace mlsd;
using namespace loss_laws;

TEST_CASE("softmax: the gradient is the derivative of the value, the hessian K / (K - 1) of the second") {
  for (const std::size_t classes : {2u, 3u, 7u}) {
    std::vector<double> m(classes);
    for (std::size_t k = 0; k < classes; ++k) m[k] = std::sin(static_cast<double>(3 * k)) * 2;
    std::vector<loss_slope> slope(classes);
    for (std::size_t label = 0; label < classes; ++label) {
      const auto y = static_cast<float>(label);
      softmax::slopes(m, y, slope);
      double total = 0;
      for (std::size_t k = 0; k < classes; ++k) {
        const double h = 1e-4;
        auto up = m, down = m;
        up[k] += h;
        down[k] -= h;
        const double over = softmax::value(up, y), under = softmax::value(down, y), here = softmax::value(m, y);
        CHECK(slope[k].gradient == Approx((over - under) / (2 * h)).epsilon(1e-6).margin(1e-7));
        const auto n = static_cast<double>(classes);
        CHECK(slope[k].hessian == Approx(n / (n - 1) * (over - 2 * here + under) / (h * h)).epsilon(1e-4).margin(1e-5));
        total += slope[k].gradient;
      }
      CHECK(total == Approx(0).margin(1e-15));
    }
  }
}

TEST_CASE("softmax: two classes are a logistic loss of the difference") {
  for (const double a : {-3.0, 0.0, 2.5}) {
    std::vector<loss_slope> s(2);
    for (const float y : {0.0f, 1.0f}) {
      const std::vector<double> m{1, 1 + a};
      softmax::slopes(m, y, s);
      CHECK(softmax::value(m, y) == Approx(logistic::value(a, y)).epsilon(1e-14));
      CHECK(s[1].gradient == Approx(logistic::slope(a, y).gradient).epsilon(1e-14));
      CHECK(s[1].hessian == Approx(2 * logistic::slope(a, y).hessian).epsilon(1e-14));
    }
  }
  const std::vector<double> far{1000, -1000};
  CHECK(softmax::value(far, 1) == 2000);
  CHECK(softmax::value(far, 0) == 0);
  std::vector<loss_slope> s(2);
  softmax::slopes(far, 1, s);
  CHECK(s[0].gradient == 1);
  CHECK(s[1].gradient == -1);
  CHECK(s[0].hessian == 0);
}

TEST_CASE("softmax: it starts from the shares of the classes; one that does not occur starts far below") {
  const std::vector<float> y{0, 1, 1, 3}, w{1, 0.5f, 0.5f, 2};
  const auto plain = softmax::initial(y, {}, 4), weighted = softmax::initial(y, w, 4);
  CHECK(plain[1] == Approx(std::log(0.5)));
  CHECK(weighted[1] == Approx(std::log(0.25)));
  CHECK(weighted[3] == Approx(std::log(0.5)));
  CHECK(plain[2] == Approx(std::log(1e-15)));
  // No other constants are better: a step to any class is a loss.
  const auto total = [&](std::vector<double> m, std::size_t k, double step) {
    m[k] += step;
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += static_cast<double>(w[i]) * softmax::value(m, y[i]);
    return sum;
  };
  for (const std::size_t k : {0u, 1u, 3u})
    for (const double step : {-1.0, -0.01, 0.01, 1.0}) CHECK(total(weighted, k, step) > total(weighted, k, 0));
}

TEST_CASE("softmax: the classes there are") {
  const std::vector<float> y{0, 1, 2};
  CHECK(softmax{}.outputs(y, {}) == 3);
  CHECK(softmax{.classes = 5}.outputs(y, {}) == 5);
  const std::vector<float> counts_not{1, 1, 0};
  CHECK(softmax{}.outputs(y, counts_not) == 2);
  CHECK(softmax::check(y, counts_not, 2));
  CHECK(softmax::initial(y, counts_not, 2) == softmax::initial(std::vector<float>{0, 1}, {}, 2));
  CHECK(softmax::check(y, {}, 5));
  says(softmax::check(y, {}, 2), errc::invalid_argument, "row 2: the label is 2, softmax needs a whole number");
  says(softmax::check(std::vector<float>{0, 0}, {}, 1), errc::one_class, "every row has label 0");
  says(softmax::check(y, {}, 5000), errc::capacity, "4096");
}

TEST_CASE("softmax: LightGBM's margins") {
  // LightGBM 4.7: objective multiclass, num_class 3, num_leaves 4, learning_rate .5, lambda_l2 1, min_data_in_leaf 0,
  // min_data_in_bin 1, 3 rounds; raw scores of rows 0, 6, 12, 18. Weights that leave no ties.
  const double golden[4][3] = {{-0.67425976, -1.50792956, -1.72052288},
                               {-0.94206947, -1.72536342, -1.54670757},
                               {-0.23985005, -1.60631095, -1.39559287},
                               {-1.73407269, -0.58587504, -1.67839245}};
  labelled_matrix m{feature_matrix({{"x", 0}}, rows), residues(), {}, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    m.x.number(0)[i] = static_cast<float>(i);
    m.label[i] = static_cast<float>(static_cast<int>(m.label[i]) % 3);
    m.weight.push_back(1 + static_cast<float>(i * 37 % 24) / 16);
  }
  const gbdt_trainer trainer{
      .trees = 3, .leaves = 4, .learning_rate = 0.5f, .min_rows_in_leaf = 0, .min_hessian = 1e-3f, .l2 = 1};
  const auto model = trainer.fit<softmax>(training_matrix::out_of_fold(std::move(m))).value();
  CHECK(model.trees() == 9);
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<double> margins(3);
    const std::vector<float> x{static_cast<float>(6 * i)};
    model.raw({x, {}}, margins);
    for (std::size_t k = 0; k < 3; ++k) {
      INFO("row " << 6 * i << ", class " << k);
      CHECK(margins[k] == Approx(golden[i][k]).epsilon(1e-6));
    }
  }
}

}  // namespace test_loss_softmax
