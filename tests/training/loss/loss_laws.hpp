// What every loss must hold, and 24 rows on which another implementation was trained.
#pragma once

#include "catch.hpp"
#include "mlsd/training/gbdt.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace loss_laws {

using namespace mlsd;

/// The gradient is the derivative of the value, the hessian `scale` times the second: central differences.
template <class Loss>
void slope_is_derivative(const Loss& loss, const std::vector<float>& labels, double scale_of_hessian) {
  for (const float label : labels)
    for (double m = -2.9; m <= 3; m += 0.5) {
      const double h = 1e-4;
      const double up = loss.value(m + h, label), down = loss.value(m - h, label), here = loss.value(m, label);
      const auto s = loss.slope(m, label);
      INFO("margin " << m << ", label " << label);
      CHECK(s.gradient == Approx((up - down) / (2 * h)).epsilon(1e-6).margin(1e-6));
      CHECK(s.hessian >= 0);
      if (scale_of_hessian > 0)
        CHECK(s.hessian == Approx(scale_of_hessian * (up - 2 * here + down) / (h * h)).epsilon(1e-4).margin(1e-5));
    }
}

/// No constant margin near or far has a lower total loss than the initial one.
template <class Loss> void initial_is_best(const Loss& loss, const std::vector<float>& labels) {
  std::vector<float> weights(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) weights[i] = static_cast<float>(i % 3);
  for (const auto& w : {weights, std::vector<float>{}}) {
    const auto total = [&](double m) {
      double sum = 0;
      for (std::size_t i = 0; i < labels.size(); ++i) sum += detail::weight_at(w, i) * loss.value(m, labels[i]);
      return sum;
    };
    const double best = loss.initial(labels, w), least = total(best);
    for (const double step : {1e-3, 0.1, 1.0, 3.0}) {
      CHECK(total(best + step) >= least - 1e-12 * std::fabs(least));
      CHECK(total(best - step) >= least - 1e-12 * std::fabs(least));
    }
  }
}

inline void says(const result<void>& r, errc code, const char* what) {
  REQUIRE_FALSE(r);
  INFO(r.error().message);
  CHECK(r.error().code == code);
  CHECK(r.error().message.find(what) != std::string::npos);
}

constexpr std::size_t rows = 24;
inline std::vector<float> residues(unsigned modulus = 23) {
  std::vector<float> y;
  for (unsigned i = 0; i < rows; ++i) y.push_back(static_cast<float>((i * i * 7 + 3 * i) % 23 % modulus));
  return y;
}

/// Margins of every second of the 24 rows x = 0 ... 23 after three trees; LightGBM 4.7 with num_leaves 6,
/// learning_rate 0.5, min_data_in_leaf and lambda_l2 as given (its row counts are estimates where hessians differ:
/// there min_data_in_leaf is 0).
template <class Loss>
void trains_as(const Loss& loss, std::vector<float> labels, const std::vector<double>& golden, float l2 = 1,
               std::vector<float> weights = {}, std::vector<std::uint32_t> group = {}, std::uint32_t min_rows = 2) {
  labelled_matrix m{feature_matrix({{"x", 0}}, rows), std::move(labels), std::move(weights), std::move(group)};
  for (std::size_t i = 0; i < rows; ++i) m.x.number(0)[i] = static_cast<float>(i);
  const gbdt_trainer trainer{
      .trees = 3, .leaves = 6, .learning_rate = 0.5f, .min_rows_in_leaf = min_rows, .min_hessian = 1e-3f, .l2 = l2};
  const auto model = trainer.fit(loss, training_matrix::out_of_fold(std::move(m))).value();
  for (std::size_t i = 0; i < golden.size(); ++i) {
    INFO("row " << 2 * i);
    CHECK(model.raw(std::vector<float>{static_cast<float>(2 * i)}) == Approx(golden[i]).epsilon(1e-5).margin(1e-5));
  }
}

}  // namespace loss_laws
