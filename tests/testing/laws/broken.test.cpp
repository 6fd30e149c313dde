#include "mlsd/testing/laws/broken.hpp"
#include "catch.hpp"

TEST_CASE("a broken law is an error that says what and where", "[testing]") {
  CHECK(mlsd::laws::broken("row == batch", "row 3").message == "row == batch: row 3");
  CHECK(mlsd::laws::bits(0.0) != mlsd::laws::bits(-0.0));
  CHECK(mlsd::laws::digits(0.1) == "0.10000000000000001");
}
