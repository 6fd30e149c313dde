#include "mlsd/training/loss/xe_ndcg.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_xe_ndcg {

using namespace mlsd;
using namespace loss_laws;

static_assert(group_loss<xe_ndcg>);

std::vector<loss_slope> slopes(const std::vector<double>& margins, const std::vector<float>& labels,
                               std::uint64_t draw) {
  std::vector<loss_slope> out(margins.size(), {7, 7});
  xe_ndcg::scratch s;
  xe_ndcg::slopes(margins, labels, draw, out, s);
  return out;
}

TEST_CASE("xe ndcg: the value is a cross entropy") {
  xe_ndcg::scratch s;
  const std::vector<double> m{0, std::log(3.0)};  // shares 1/4 and 3/4
  // Gains 1.5 and 0.5 of 2.
  CHECK(xe_ndcg::value(m, std::vector<float>{1, 0}, s) == Approx(-0.75 * std::log(0.25) - 0.25 * std::log(0.75)));
  CHECK(xe_ndcg::value(std::vector<double>{1000, 0}, std::vector<float>{0, 0}, s) == Approx(500));
  CHECK(xe_ndcg::value(std::vector<double>{3}, std::vector<float>{2}, s) == 0);
}

TEST_CASE("xe ndcg: two equal margins by hand, the better label is pushed up") {
  // Shares 1/2, targets that sum to 1: the first order is d = 1/2 - target, the second -d, the third d.
  const std::uint64_t draw = 5;
  const auto u = [&](std::uint64_t i) { return static_cast<double>(combine(draw, i) >> 11) * 0x1.0p-53; };
  const double a = 8 - u(0), b = 1 - u(1), d = 0.5 - a / (a + b);
  const auto s = slopes({0, 0}, {3, 0}, draw);
  CHECK(s[0].gradient == Approx(d));
  CHECK(s[1].gradient == Approx(-d));
  CHECK(s[0].gradient < 0);
  CHECK(s[0].hessian == 0.25);
  CHECK(slopes({4}, {1}, draw)[0].gradient == 0);
}

TEST_CASE("xe ndcg: draws are a function of the number given alone") {
  const std::vector<double> m{0.2, -0.4, 1.0};
  const std::vector<float> y{2, 0, 1};
  CHECK(slopes(m, y, 1)[0].gradient == slopes(m, y, 1)[0].gradient);
  CHECK(slopes(m, y, 1)[0].gradient != slopes(m, y, 2)[0].gradient);
}

TEST_CASE("xe ndcg: learns an order") {
  const std::size_t n = 200;
  labelled_matrix rows{feature_matrix({{"x", 0}}, n), std::vector<float>(n), {}, std::vector<std::uint32_t>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    rows.x.number(0)[i] = static_cast<float>((i * 37) % 100);
    rows.label[i] = std::floor(rows.x.number(0)[i] / 25);
    rows.group[i] = static_cast<std::uint32_t>(i / 10);
  }
  const auto model = gbdt_trainer{.trees = 20, .leaves = 4, .min_rows_in_leaf = 5}
                         .fit<xe_ndcg>(training_matrix::out_of_fold(rows))
                         .value();
  double last = -1e9;
  for (const float x : {10.0f, 40.0f, 60.0f, 90.0f}) {
    const double margin = model.raw(std::vector<float>{x});
    CHECK(margin > last);
    last = margin;
  }
}

TEST_CASE("xe ndcg: labels that are no grades are named") {
  says(xe_ndcg::check(std::vector<float>{0, 0.5f}, {}), errc::invalid_argument, "row 1: the label is 0.5");
}

}  // namespace test_loss_xe_ndcg
