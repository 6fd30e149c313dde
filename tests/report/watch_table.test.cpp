#include "mlsd/report/watch_table.hpp"

#include "catch.hpp"
#include "mlsd/drift/page_hinkley.hpp"
#include "mlsd/drift/watch.hpp"
#include "report/well_formed.hpp"

namespace test_report_watch_table {

using namespace mlsd::report;
using namespace mlsd::literals;

/// Gives alarm at every value above 1.
struct limit {
  mlsd::detection update(double x) noexcept { return {x > 1}; }
  friend bool operator==(const limit&, const limit&) = default;
  template <class Self, class Ar> static constexpr void describe(Self&, Ar&) {}
};

TEST_CASE("A watch is told name by name", "[report]") {
  mlsd::watch watch{mlsd::watched{"error"_f, limit{}}, mlsd::watched{"<amount>"_f, limit{}}};
  for (int i = 1; i <= 10; ++i) {
    watch.set_time({i * 1000});
    watch.update("error"_f, i % 4 == 0 ? 2.0 : 0.0);
    watch.update("<amount>"_f, 0.0);
  }
  const table t = watch_table(watch);
  REQUIRE(t.rows.size() == 2);
  CHECK(t.rows[0][0].text == "error");
  CHECK(t.rows[0][1].number == 10);
  CHECK(t.rows[0][2].number == 2);
  CHECK(t.rows[0][3].number == 4);
  CHECK(t.rows[0][4].number == 8);
  CHECK(t.rows[0][5].text == "1970-01-01T00:00:08Z");
  CHECK(t.rows[0][6].mark == status::alarm);
  CHECK(t.rows[1][6].mark == status::ok);
  CHECK_FALSE(t.rows[1][3].is_number);
  CHECK(mlsd_test::html_fault(to_html(t)) == "");
  CHECK(watch_table(mlsd::watch<>{}).rows.empty());
}

}  // namespace test_report_watch_table
