#include "mlsd/scoring/import/catboost_hash.hpp"

#include "catch.hpp"
#include "scoring/import/golden_case.hpp"
#include "shared.hpp"

#include <charconv>
#include <string>

namespace test_catboost_hash {

using mlsd::catboost_hash;

TEST_CASE("catboost hash: what CatBoost itself writes") {
  static_assert(catboost_hash("") == 797982799);
  static_assert(catboost_hash("a") == 3489901818);
  static_assert(catboost_hash("-1") == 288298918);
  CHECK(catboost_hash("4") == 4216280702);
  CHECK(catboost_hash("1.0") == 2145623965);
  CHECK(catboost_hash("-9223372036854775808") == 953718104);
  CHECK(catboost_hash("this is a seventeen+ byte value") == 869792445);
}

TEST_CASE("catboost hash: every category of the reference data, of all lengths") {
  if (mlsd_test::shared_dir() == nullptr) {
    WARN("skipped: no reference data");
    return;
  }
  const std::string text =
      golden_case::read(std::string(mlsd_test::shared_dir()) + "/golden/catboost/onehot_categories/case.json");
  std::size_t at = text.find('{', text.find("\"cat_hash\"")), found = 0, longest = 0;
  const std::size_t end = text.find('}', at);
  // "category": number, without escapes but those of letters beyond ASCII
  while ((at = text.find('"', at)) < end) {
    const std::size_t close = text.find('"', at + 1);
    const std::string category = text.substr(at + 1, close - at - 1);
    at = close + 1;
    if (category.find('\\') != std::string::npos) continue;
    std::uint32_t expected = 0;
    const std::size_t digits = text.find_first_of("0123456789", at);
    std::from_chars(text.data() + digits, text.data() + text.size(), expected);
    CHECK(catboost_hash(category) == expected);
    ++found;
    longest = (std::max)(longest, category.size());
  }
  CHECK(found > 20);
  CHECK(longest > 64);
}

}  // namespace test_catboost_hash
