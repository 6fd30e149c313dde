#include "mlsd/scoring/table_layout.hpp"

#include "mlsd/archive/binary.hpp"

#include "catch.hpp"

#include <cmath>
#include <string_view>
#include <vector>

namespace test_table_layout {

using namespace mlsd;

table_layout shop() {
  return {{"price", "size", "colour", "city"},
          {text_dictionary::of({"red", "green"}).value(), text_dictionary::of({"Rome"}).value()},
          "bought",
          {"no", "yes"}};
}

TEST_CASE("table layout: rows are filled by feature, in any order; what is not filled is missing or unknown",
          "[scoring]") {
  const table_layout layout = shop();
  CHECK(layout.width() == 4);
  CHECK(layout.numbers() == 2);
  CHECK_FALSE(layout.is_text(1));
  CHECK(layout.is_text(2));
  table_row row = layout.row();
  CHECK(std::isnan(row.numbers[0]));
  CHECK(row.codes == std::vector<std::uint32_t>{2, 1});
  layout.put(row, layout.feature("city").value(), "Rome");
  layout.put(row, layout.feature("colour").value(), "green");
  layout.put(row, layout.feature("size").value(), 3.5f);
  CHECK(row.codes == std::vector<std::uint32_t>{1, 0});
  CHECK(row.view().numbers[1] == 3.5f);
  layout.put(row, 2, "blue");
  CHECK(row.view().codes[0] == 2);
}

TEST_CASE("table layout: columns are found by name in any header, or what is wrong is named", "[scoring]") {
  const table_layout layout = shop();
  const auto places = [&](std::vector<std::string_view> header) { return layout.places_in(header); };
  CHECK(places({"city", "id", "price", "colour", "size"}).value() == std::vector<std::size_t>{2, 4, 3, 0});
  CHECK(places({"city", "price", "colour"}).error().message == "no column 'size'");
  CHECK(places({"city", "price", "colour", "size", "city"}).error().message == "two columns 'city'");
  CHECK(layout.feature("weight").error().message ==
        "no feature 'weight'; there are 4: 'price', 'size', 'colour', 'city'");
}

TEST_CASE("table layout: a file holds it, and one that does not fit together is refused", "[scoring]") {
  const table_layout loaded = from_bytes<table_layout>(to_bytes(shop())).value();
  CHECK(loaded.names == shop().names);
  CHECK(loaded.label == "bought");
  CHECK(loaded.classes == shop().classes);
  CHECK(loaded.dictionaries[0].code("green") == 1);

  table_layout wide = shop();
  wide.names.resize(1);
  CHECK(wide.validate().error().message == "table layout: 2 dictionaries, but 1 features");
  CHECK_FALSE(from_bytes<table_layout>(to_bytes(wide)));
  table_layout twice = shop();
  twice.classes = {"yes", "no", "yes"};
  CHECK(twice.validate().error().message.find("'yes' is there twice") != std::string::npos);
  CHECK_FALSE(from_bytes<table_layout>(to_bytes(twice)));
  twice = shop();
  twice.names[3] = "price";
  CHECK(twice.validate().error().message.find("'price' is there twice") != std::string::npos);
  CHECK_FALSE(from_bytes<table_layout>(to_bytes(twice)));
}

}  // namespace test_table_layout
