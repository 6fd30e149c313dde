#include "mlsd/scoring/import/lightgbm_objective.hpp"

#include "catch.hpp"

#include <string>

namespace test_lightgbm_objective {

using namespace mlsd;
using kind = prediction_kind;

result<prediction_rule> of(const std::string& value) {
  static std::string text;
  text = "objective=" + value;
  detail::key_value_lines lines(text);
  lines.next();
  return detail::read_lightgbm_objective(lines.line());
}

TEST_CASE("lightgbm objective: what each does to margins") {
  CHECK(of("regression").value() == prediction_rule{});
  CHECK(of("regression sqrt").value().kind == kind::signed_square);
  CHECK(of("lambdarank").value().kind == kind::identity);
  CHECK(of("binary sigmoid:1").value() == prediction_rule{.kind = kind::logistic});
  CHECK(of("binary sigmoid:0.25").value() == prediction_rule{.kind = kind::logistic, .slope = 0.25});
  CHECK(of("multiclassova num_class:5 sigmoid:1.5").value() == prediction_rule{.kind = kind::logistic, .slope = 1.5});
  CHECK(of("multiclass num_class:5").value().kind == kind::softmax);
  CHECK(of("cross_entropy").value() == prediction_rule{.kind = kind::logistic});
  CHECK(of("cross_entropy_lambda").value().kind == kind::log_one_plus_exp);
  for (const char* name : {"poisson", "gamma", "tweedie"}) CHECK(of(name).value().kind == kind::exponential);
}

TEST_CASE("lightgbm objective: unknown ones and bad sigmoids are refused") {
  CHECK(to_string(of("binry").error()) == "line 1, column 11: objective: unknown: \"binry\"");
  CHECK_FALSE(of(""));
  for (const char* sigmoid : {"0", "-1", "nan", "inf", "x", ""})
    CHECK_FALSE(of(std::string("binary sigmoid:") + sigmoid));
}

}  // namespace test_lightgbm_objective
