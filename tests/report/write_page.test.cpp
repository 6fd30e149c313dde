#include "mlsd/report/write_page.hpp"

#include <cstdio>
#include <string>

#include "catch.hpp"

namespace test_report_write_page {

using namespace mlsd::report;

TEST_CASE("The file is the document; what cannot be written is named", "[report]") {
  const page p{.title = "é"};
  const std::string path = "test_report_write_page.html";
  REQUIRE(write_page(path, p));
  std::FILE* file = std::fopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string text(1 << 16, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  CHECK(text == to_html(p));
  CHECK(std::remove(path.c_str()) == 0);

  const auto nowhere = write_page("/no/such/folder/page.html", p);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().message.find("/no/such/folder/page.html") != std::string::npos);
}

}  // namespace test_report_write_page
