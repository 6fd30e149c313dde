#include "mlsd/features/slots.hpp"

#include "catch.hpp"

#include <memory>
#include <string>
#include <vector>

namespace test_slots {
using namespace mlsd::detail;

TEST_CASE("columns of texts and of bools are read from any row", "[features]") {
  mlsd::text_column texts;
  for (const char* t : {"a", "", "c"}) texts.push_back(t);
  const auto from_one = read_from<std::string_view>(texts, 1);
  CHECK(from_one[0].empty());
  CHECK(from_one.from(1)[0] == "c");
  const std::vector<std::uint8_t> bools{0, 1, 0};
  CHECK(read_from<bool>(bools, 0).from(1)[0]);
}

TEST_CASE("slots below the inputs are the table's columns from some row on, the others are written", "[features]") {
  const std::vector<float> ages{1, 2, 3};
  mlsd::text_column cities;
  for (const char* c : {"x", "y", "z"}) cities.push_back(c);
  const void* const table[] = {&ages, &cities};
  alignas(8) std::byte memory[12];
  std::byte* const written[] = {memory};
  const column_slots slots{table, written, 2, 1};
  CHECK(slots.reader<float>(0)[1] == 3);
  CHECK(slots.reader<std::string_view>(1)[0] == "y");
  slots.writer<std::uint32_t>(2)[1] = 7;
  CHECK(slots.reader<std::uint32_t>(2)[1] == 7);
}

TEST_CASE("a row keeps values side by side, and addresses of what cannot be copied as bytes", "[features]") {
  alignas(8) std::byte memory[16];
  const std::uint32_t at[] = {0, 8};
  const row_slots row{memory, at};
  std::construct_at(row.writer<float>(0), 2.5f);
  CHECK(row.read<float>(0) == 2.5f);
  const std::string text = "not bytes";
  *reinterpret_cast<const std::string**>(row.writer<std::string>(1)) = &text;
  CHECK(&row.read<std::string>(1) == &text);
}

}  // namespace test_slots
