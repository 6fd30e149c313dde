#include "mlsd/archive/chunks.hpp"

#include "archive/sample.hpp"
#include "catch.hpp"

namespace test_chunks {
using namespace mlsd::detail;

template <class T> std::vector<std::byte> written(const T& value) {
  std::vector<std::byte> out;
  directory_counter directory;
  visit_chunks(value, directory);
  container_writer to(out, schema_of_value(value), directory.size);
  chunk_writer chunks(to);
  visit_chunks(value, chunks);
  to.finish(mlsd::fp_mode::strict);
  return out;
}

TEST_CASE("chunks: each field of the root is a chunk; any other value is one chunk") {
  const auto file = written(test_archive::filled());
  const auto c = container::open(file);
  REQUIRE(c);
  REQUIRE(c->chunks().size() == 5);
  CHECK(c->chunks()[2].name == "table");
  CHECK(c->chunks()[2].version == 3);
  for (const auto& chunk : c->chunks()) CHECK(chunk.at % 64 == 0);

  const auto single = written(std::vector<float>{1, 2});
  const auto one = container::open(single);
  REQUIRE(one);
  REQUIRE(one->chunks().size() == 1);
  CHECK(one->chunks()[0].name == "value");
  CHECK(one->chunks()[0].length == 16);
  CHECK(container::open(written(test_archive::nothing{}))->chunks().empty());
}

TEST_CASE("chunks: the length is known before anything is written") {
  const auto value = test_archive::filled();
  CHECK(count_container(value, schema_of_value(value).size()) == written(value).size());
  CHECK(count_container(1.5, 1) == written(1.5).size());
}

TEST_CASE("chunks: chunks of another value are refused by name") {
  const auto file = written(test_archive::point{1, 2});
  const auto c = container::open(file);
  REQUIRE(c);
  test_archive::offsets other;
  chunk_reader wrong(*c);
  visit_chunks(other, wrong);
  const auto failure = wrong.finish();
  REQUIRE(failure);
  CHECK(failure->message == "the file has no chunk 'starts' here");

  chunk_reader unread(*c);
  const auto left = unread.finish();
  REQUIRE(left);
  CHECK(left->message == "the file has one more chunk 'x'");
}

}  // namespace test_chunks
