#include "mlsd/core/candidate.hpp"
#include "mlsd/data/schema.hpp"

#include <string>
#include <type_traits>

#include "catch.hpp"

namespace test_candidate {
using namespace mlsd::literals;

struct book {
  int year = 0;
  std::string title{};
};
inline constexpr mlsd::schema books{"year"_f = &book::year, "title"_f = &book::title};

TEST_CASE("candidate: fields of the row by name, without a copy", "[core]") {
  const book row{1952, "The Book"};
  const mlsd::candidate<books> c{7, 0.5, 3, &row};
  CHECK(c["year"_f] == 1952);
  CHECK(&c["title"_f] == &row.title);
  CHECK(c == mlsd::candidate<books>{7, 0.5, 3, &row});
  CHECK_FALSE(c == mlsd::candidate<books>{8, 0.5, 3, &row});
  static_assert(std::is_trivially_copyable_v<mlsd::candidate<books>> && sizeof(mlsd::candidate<books>) == 32);
}

}  // namespace test_candidate
