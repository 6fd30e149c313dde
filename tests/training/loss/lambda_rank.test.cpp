#include "mlsd/training/loss/lambda_rank.hpp"

#include "catch.hpp"
#include "training/loss/loss_laws.hpp"

namespace test_loss_lambda_rank {

using namespace mlsd;
using namespace loss_laws;

static_assert(group_loss<lambda_rank> && !loss_function<lambda_rank>);

std::vector<loss_slope> slopes(const lambda_rank& loss, const std::vector<double>& margins,
                               const std::vector<float>& labels) {
  std::vector<loss_slope> out(margins.size(), {7, 7});
  lambda_rank::scratch s;
  loss.slopes(margins, labels, 0, out, s);
  return out;
}

TEST_CASE("lambda rank: two rows by hand") {
  // Gains 3 and 0, discounts 1 and 1 / log2(3); ideal 3. Swapping them changes NDCG by 1 - 1 / log2(3).
  const double swap = 1 - 1 / std::log2(3.0);
  const auto s = slopes({.steepness = 2, .normalise = false}, {0.5, 1.5}, {2, 0});
  const double wrong = 1 / (1 + std::exp(-2.0));
  CHECK(s[0].gradient == Approx(-2 * swap * wrong));
  CHECK(s[1].gradient == Approx(2 * swap * wrong));
  CHECK(s[0].hessian == Approx(4 * swap * wrong * (1 - wrong)));
  CHECK(s[1].hessian == s[0].hessian);
  const auto n = slopes({.steepness = 2}, {0.5, 1.5}, {2, 0});
  const double push = 2 * swap / 1.01 * wrong;
  CHECK(n[1].gradient == Approx(std::log2(1 + 2 * push) / 2));
}

TEST_CASE("lambda rank: lists without a preference have no slope") {
  for (const auto& s : slopes({}, {1, 2, 3}, {1, 1, 1})) CHECK((s.gradient == 0 && s.hessian == 0));
  for (const auto& s : slopes({}, {1, 2, 3}, {0, 0, 0})) CHECK((s.gradient == 0 && s.hessian == 0));
  for (const auto& s : slopes({}, {1}, {3})) CHECK((s.gradient == 0 && s.hessian == 0));
}

TEST_CASE("lambda rank: gradients of a list add up to nothing, and only pairs that reach the top count") {
  const std::vector<double> margins{0.3, -1, 2, 0.1, 0.1};
  const std::vector<float> labels{1, 4, 0, 2, 0};
  for (const std::uint32_t truncation : {1u, 2u, 30u}) {
    double sum = 0;
    for (const auto& s : slopes({.truncation = truncation}, margins, labels)) sum += s.gradient;
    CHECK(sum == Approx(0).margin(1e-14));
  }
  const auto one = slopes({.truncation = 1, .normalise = false}, margins, labels);
  CHECK(one[4].gradient == 0);  // label 0, as the row on top: no pair
  CHECK(one[2].gradient > 0);
}

TEST_CASE("lambda rank: the value is 1 - NDCG") {
  lambda_rank::scratch s;
  const std::vector<float> labels{3, 0, 1};
  CHECK(lambda_rank{}.value(std::vector<double>{3, 1, 2}, labels, s) == Approx(0).margin(1e-15));
  const double ideal = 7 + 1 / std::log2(3.0);
  CHECK(lambda_rank{}.value(std::vector<double>{1, 3, 2}, labels, s) ==
        Approx(1 - (1 / std::log2(3.0) + 7 / 2.0) / ideal));
  CHECK(lambda_rank{.truncation = 1}.value(std::vector<double>{1, 2, 3}, labels, s) == Approx(1 - 1.0 / 7));
  CHECK(lambda_rank{}.value(std::vector<double>{1, 2}, std::vector<float>{0, 0}, s) == 0);
}

TEST_CASE("lambda rank: trains as LightGBM does") {
  std::vector<std::uint32_t> group(rows, 8);
  std::fill_n(group.begin(), 10, 3u);
  trains_as(lambda_rank{}, residues(4),
            {-1.56837919, 1.1288723, -0.448606184, -0.448606184, -0.686698747, -0.116239503, 0.63584894, 2.62369873,
             -0.808555203, 0.383909146, -0.608298899, -1.39269281},
            0.01f, {}, group, 1);
  trains_as(lambda_rank{.truncation = 3, .steepness = 2}, residues(4),
            {-0.49157638, 0.927059037, -0.443701761, -0.443701761, -0.121538489, -0.0315035537, 0.132560936, 1.24299925,
             -0.975120059, -0.975120059, -0.975120059, -0.975120059},
            0.01f, {}, group, 1);
  trains_as(lambda_rank{.normalise = false}, residues(4),
            {-1.76107605, 1.89954927, -0.89223865, -0.89223865, 0.0789570003, -0.802685019, -0.0377962047, 2.05370956,
             -1.59018459, -1.59018459, -1.59018459, -1.59018459},
            0.01f, {}, group, 1);
}

TEST_CASE("lambda rank: bad settings and labels are named") {
  using v = std::vector<float>;
  CHECK(lambda_rank{}.check(v{0, 31}, {}));
  says(lambda_rank{.truncation = 0}.check(v{0, 1}, {}), errc::invalid_argument, "truncation");
  says(lambda_rank{.steepness = 0}.check(v{0, 1}, {}), errc::invalid_argument, "steepness");
  says(lambda_rank{}.check(v{0, 1.5f}, {}), errc::invalid_argument, "row 1: the label is 1.5");
  says(lambda_rank{}.check(v{0, 32}, {}), errc::invalid_argument, "row 1");
  says(lambda_rank{}.check(v{-1, 3}, {}), errc::invalid_argument, "row 0");
}

}  // namespace test_loss_lambda_rank
