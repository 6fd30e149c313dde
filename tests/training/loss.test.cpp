#include "mlsd/training/loss.hpp"

#include "catch.hpp"

namespace test_loss {

using namespace mlsd;

template <class... Loss> constexpr bool of_rows = (loss_function<Loss> && ...);
template <class... Loss> constexpr bool of_groups = (group_loss<Loss> && ...);

TEST_CASE("loss: one header names them all") {
  STATIC_REQUIRE(of_rows<logistic, weighted_logistic, focal, squared, absolute, huber, quantile, mape, poisson,
                         gamma_loss, tweedie>);
  STATIC_REQUIRE(of_groups<lambda_rank, xe_ndcg>);
  STATIC_REQUIRE(class_loss<softmax>);
  STATIC_REQUIRE_FALSE(of_rows<lambda_rank> || of_groups<squared>);
}

}  // namespace test_loss
