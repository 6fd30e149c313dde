#include "mlsd/training/gbdt/class_slopes.hpp"

#include "catch.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/training/loss/softmax.hpp"
#include "training/gbdt/rows.hpp"

#include <bit>
#include <vector>

namespace test_class_slopes {

using namespace mlsd;
using namespace gbdt_rows;
using detail::row_slope;

TEST_CASE("class slopes: the loss's own, times weights, for the rows drawn; the same on any number of threads") {
  constexpr std::size_t n = 40'000, classes = 3;
  labelled_matrix data{feature_matrix({{"x", 0}}, n), std::vector<float>(n), std::vector<float>(n), {}};
  generator g{7};
  std::vector<std::vector<double>> margin(classes, std::vector<double>(n));
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < n; ++i) {
    data.label[i] = static_cast<float>(g(classes));
    data.weight[i] = static_cast<float>(g.uniform());
    for (auto& of : margin) of[i] = g.uniform() * 8 - 4;
    if (g(4) != 0) rows.push_back(static_cast<std::uint32_t>(i));
  }
  const std::vector<std::span<const double>> margins(margin.begin(), margin.end());
  std::vector<std::vector<row_slope>> slopes(classes), parallel(classes);
  sequential one;
  threads three(3);
  const auto most = detail::differentiate_classes(softmax{}, data, margins, rows, slopes, one);
  (void)detail::differentiate_classes(softmax{}, data, margins, rows, parallel, three);
  std::size_t wrong = 0;
  float largest[classes] = {};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<double> m;
    for (const auto& of : margin) m.push_back(of[rows[i]]);
    std::vector<loss_slope> s(classes);
    softmax::slopes(m, data.label[rows[i]], s);
    for (std::size_t k = 0; k < classes; ++k) {
      const double w = static_cast<double>(data.weight[rows[i]]);
      const auto gradient = static_cast<float>(w * s[k].gradient), hessian = static_cast<float>(w * s[k].hessian);
      wrong += std::bit_cast<float>(slopes[k][i].gradient) != gradient ||
               std::bit_cast<float>(slopes[k][i].hessian) != hessian ||
               parallel[k][i].gradient != slopes[k][i].gradient || parallel[k][i].hessian != slopes[k][i].hessian;
      largest[k] = (std::max)(largest[k], std::fabs(gradient));
    }
  }
  CHECK(wrong == 0);
  for (std::size_t k = 0; k < classes; ++k) CHECK(std::bit_cast<float>(most[k].gradient) == largest[k]);
}

}  // namespace test_class_slopes
