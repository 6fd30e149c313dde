#include "mlsd/archive/size.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_size {
using namespace mlsd;

TEST_CASE("size: the file is as long as said") {
  CHECK(bytes_in_file(test_archive::filled()) == to_bytes(test_archive::filled()).size());
  CHECK(bytes_in_file(std::vector<float>(1000)) == to_bytes(std::vector<float>(1000)).size());
  CHECK(bytes_in_file(test_archive::nothing{}) == to_bytes(test_archive::nothing{}).size());
}

TEST_CASE("size: memory counts the object and what it owns") {
  CHECK(bytes_in_memory(1.5) == 8);
  std::vector<double> numbers;
  numbers.reserve(100);
  CHECK(bytes_in_memory(numbers) == sizeof numbers + 800);
  CHECK(bytes_in_memory(std::string("short")) == sizeof(std::string));
  CHECK(bytes_in_memory(std::string(1000, 'x')) >= sizeof(std::string) + 1001);
  std::vector<std::vector<float>> rows(2);
  rows[1].reserve(50);
  CHECK(bytes_in_memory(rows) == sizeof rows + rows.capacity() * sizeof(std::vector<float>) + 200);
  CHECK(bytes_in_memory(std::optional<std::vector<float>>{}) == sizeof(std::optional<std::vector<float>>));
}

}  // namespace test_size
