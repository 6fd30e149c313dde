#include "mlsd/fwd.hpp"

#include "mlsd/mlsd.hpp"

#include "catch.hpp"

#include <type_traits>

// fwd.hpp comes first: a name or a default that differs from its definition does not compile.
TEST_CASE("fwd: default template arguments are those of the definitions") {
  STATIC_REQUIRE(std::is_same_v<mlsd::hit<>, mlsd::hit<std::uint32_t>>);
  STATIC_REQUIRE(std::is_same_v<mlsd::scored<>, mlsd::scored<std::uint32_t>>);
  STATIC_REQUIRE(std::is_same_v<mlsd::binned_auc<>, mlsd::binned_auc<4096>>);
  STATIC_REQUIRE(std::is_same_v<mlsd::pin<>, mlsd::pin<std::uint32_t>>);
  STATIC_REQUIRE(std::is_same_v<mlsd::gbdt_model, mlsd::basic_gbdt_model<mlsd::ranked_engine>>);
}

TEST_CASE("fwd: every class it names is defined") {
  STATIC_REQUIRE(sizeof(mlsd::error) > 0);
  STATIC_REQUIRE(sizeof(mlsd::category) > 0);
  STATIC_REQUIRE(sizeof(mlsd::random_stream) > 0);
  STATIC_REQUIRE(sizeof(mlsd::feature_matrix) > 0);
  STATIC_REQUIRE(sizeof(mlsd::training_matrix) > 0);
  STATIC_REQUIRE(sizeof(mlsd::csv_options) > 0);
  STATIC_REQUIRE(sizeof(mlsd::windows) > 0);
  STATIC_REQUIRE(sizeof(mlsd::feature_log) > 0);
  STATIC_REQUIRE(sizeof(mlsd::cooccurrence_model) > 0);
  STATIC_REQUIRE(sizeof(mlsd::ease_model) > 0);
  STATIC_REQUIRE(sizeof(mlsd::adwin) > 0);
  STATIC_REQUIRE(sizeof(mlsd::assignment) > 0);
  STATIC_REQUIRE(sizeof(mlsd::latency) > 0);
  STATIC_REQUIRE(sizeof(mlsd::threshold) > 0);
  STATIC_REQUIRE(sizeof(mlsd::linear_model) > 0);
  STATIC_REQUIRE(sizeof(mlsd::gbdt_description) > 0);
  STATIC_REQUIRE(sizeof(mlsd::gbdt_contributions) > 0);
  STATIC_REQUIRE(sizeof(mlsd::huber) > 0);
  STATIC_REQUIRE(sizeof(mlsd::lambda_rank) > 0);
  STATIC_REQUIRE(sizeof(mlsd::calibration_error) > 0);
  STATIC_REQUIRE(sizeof(mlsd::psi) > 0);
  STATIC_REQUIRE(sizeof(mlsd::ks_result) > 0);
  STATIC_REQUIRE(sizeof(mlsd::ftrl_config) > 0);
}
