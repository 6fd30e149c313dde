#include "mlsd/scoring/gbdt/table_model.hpp"

#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/reseal.hpp"
#include "mlsd/core/random.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

#include "catch.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace test_table_model {

using namespace mlsd;

/// Two numbers and a colour.
gbdt_table_model shop(std::uint32_t outputs = 1) {
  const auto description = random_gbdt::model({.numbers = 2, .codes = 1, .cardinality = 3, .outputs = outputs}, 5);
  return {{{"price", "size", "colour"}, {text_dictionary::of({"red", "green", "blue"}).value()}, "bought", {}},
          "logistic",
          gbdt_model::build(description).value()};
}

TEST_CASE("table model: a row of names and texts is scored as its numbers and codes are, from a file too",
          "[scoring]") {
  const gbdt_table_model m = shop(), loaded = from_bytes<gbdt_table_model>(to_bytes(m)).value();
  CHECK(loaded.objective == "logistic");
  const char* const colours[] = {"red", "green", "blue", "violet"};
  for (std::uint32_t c = 0; c < 4; ++c)
    for (const float price : {-2.0f, 0.0f, 1.0f, 3.0f}) {
      table_row row = m.layout.row();
      m.layout.put(row, m.layout.feature("colour").value(), colours[c]);
      m.layout.put(row, m.layout.feature("price").value(), price);
      const std::vector<float> numbers{price, row.numbers[1]};
      const std::vector<std::uint32_t> codes{c};
      CHECK(m(row) == m.model(mixed_row{numbers, codes}));
      CHECK(loaded(row) == m(row));
      double batch = 0;
      m(mixed_columns{1, 2, 1, 1, numbers.data(), codes.data()}, std::span(&batch, 1));
      CHECK(batch == m(row));
    }
}

TEST_CASE("table model: parts that do not fit together are refused", "[scoring]") {
  const auto complaint = [](auto change, std::uint32_t outputs = 1) {
    gbdt_table_model m = shop(outputs);
    change(m);
    const auto ok = m.validate();
    CHECK(from_bytes<gbdt_table_model>(to_bytes(m)).has_value() == ok.has_value());
    return ok ? std::string() : ok.error().message;
  };
  CHECK(complaint([](auto&) {}).empty());
  CHECK(complaint([](auto& m) { m.layout.classes = {"no", "yes"}; }).empty());
  CHECK(complaint([](auto& m) { m.layout.classes = {"a", "b", "c"}; }, 3).empty());
  CHECK(complaint([](auto& m) { m.layout.names.pop_back(); }).find("not as many names") != std::string::npos);
  CHECK(complaint([](auto& m) { m.layout.dictionaries.clear(); }).find("not a dictionary") != std::string::npos);
  CHECK(complaint([](auto& m) { m.layout.dictionaries.emplace_back(); }).find("not a dict") != std::string::npos);
  CHECK(complaint([](auto& m) { m.layout.classes = {"no"}; }).find("not as many classes") != std::string::npos);
  CHECK(complaint([](auto& m) { m.layout.classes = {"no", "no"}; }).find("'no' is there twice") != std::string::npos);
  CHECK(complaint([](auto& m) { m.model = {}; }).find("not as many names") != std::string::npos);
}

TEST_CASE("table model: damaged and resealed files are errors or harmless", "[scoring]") {
  const std::vector<std::byte> good = to_bytes(shop());
  random_stream random(1);
  std::size_t refused = 0, opened = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> file = good;
    for (int k = 0; k <= i % 3; ++k)
      file[static_cast<std::size_t>(random.uniform() * static_cast<double>(file.size()))] =
          static_cast<std::byte>(random.uniform() * 256);
    reseal(file);
    const auto m = from_bytes<gbdt_table_model>(file);
    ++(m ? opened : refused);
    if (!m || m->model.outputs() != 1) continue;
    table_row row = m->layout.row();
    for (std::size_t f = 0; f < m->layout.width(); ++f)
      if (m->layout.is_text(f)) m->layout.put(row, f, "green");
    static_cast<void>((*m)(row));
  }
  CHECK(refused > 0);
  CHECK(opened > 0);
}

}  // namespace test_table_model
