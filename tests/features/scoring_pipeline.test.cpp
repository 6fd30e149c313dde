#include "catch.hpp"
#include "features/visits.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/features.hpp"

#include <bit>
#include <string>

namespace test_scoring_pipeline {
using namespace mlsd;
using test_features::some_visits;
using test_features::visits;

/// The sum of numbers and codes; says what it takes.
struct sum_model {
  std::uint64_t numbers = 2, codes = 1;
  [[nodiscard]] std::size_t number_columns() const noexcept { return numbers; }
  [[nodiscard]] std::size_t code_columns() const noexcept { return codes; }
  [[nodiscard]] double raw(const mixed_row& r) const noexcept {
    double sum = 0;
    for (const float x : r.numbers) sum += static_cast<double>(x);
    for (const std::uint32_t c : r.codes) sum += c;
    return sum;
  }
  [[nodiscard]] double operator()(const mixed_row& r) const noexcept { return raw(r) / 2; }
  void raw(const mixed_columns& x, std::span<double> out) const noexcept {
    std::array<float, 2> numbers_of{};
    std::array<std::uint32_t, 1> codes_of{};
    for (std::size_t i = 0; i < x.rows; ++i) {
      x.gather(i, numbers_of.data(), codes_of.data());
      out[i] = raw({numbers_of, codes_of});
    }
  }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    raw(x, out);
    for (double& v : out) v /= 2;
  }
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("numbers", self.numbers);
    ar("codes", self.codes);
  }
};

auto features(ordinal config = {}) {
  return (from<visits>() | on("age"_f, "paid"_f)(impute{}) | on("city"_f)(config))
      .fit(some_visits(100))
      .value()
      .features;
}

TEST_CASE("a row, a table, threads and a file give one score", "[features][threads]") {
  const auto scores = features() | sum_model{};
  const auto table = some_visits(40'000, 5);
  threads pool(3);
  const auto alone = scores(table), together = scores(table, pool), raw = scores.raw(table);
  const auto loaded = from_bytes<std::remove_const_t<decltype(scores)>>(to_bytes(scores)).value();
  for (std::size_t i = 0; i < table.size(); i += 7) {
    const auto row = table.row(i);
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(scores(row));
    REQUIRE(bits == std::bit_cast<std::uint64_t>(alone[i]));
    REQUIRE(bits == std::bit_cast<std::uint64_t>(together[i]));
    REQUIRE(bits == std::bit_cast<std::uint64_t>(loaded(row)));
    REQUIRE(raw[i] == 2 * alone[i]);
    REQUIRE(scores.raw(row) == raw[i]);
  }
  CHECK(scores(frame<visits>{}).empty());
}

TEST_CASE("a model of other features is refused, with the difference", "[features]") {
  const auto failed = compose(features(), sum_model{.numbers = 3});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == errc::mismatch);
  CHECK(failed.error().message.find("2 numbers and 1 codes") != std::string::npos);
}

/// A file of what need not fit together.
struct file {
  decltype(features()) made = features();
  std::vector<feature_info> inputs{};
  sum_model scorer{};
  static constexpr std::string_view type_name = "scoring pipeline";
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("features", self.made);
    ar("inputs", self.inputs);
    ar("scorer", self.scorer);
  }
};

TEST_CASE("a file whose features are not those of its model is refused by name", "[features]") {
  using scores = scoring_pipeline<decltype(features()), sum_model>;
  file f;
  f.inputs = f.made.info();
  CHECK(from_bytes<scores>(to_bytes(f)).has_value());
  f.made = features({.max_categories = 1});
  const auto failed = from_bytes<scores>(to_bytes(f));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message.find("'city' of cardinality 3") != std::string::npos);
}

}  // namespace test_scoring_pipeline
