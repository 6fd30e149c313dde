#include "mlsd/training/gbdt/bin_bundle.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

#include <algorithm>
#include <vector>

namespace test_bin_bundle {

using mlsd::random_stream;
using mlsd::detail::bin_bundle;

using column = std::vector<std::uint8_t>;

/// Adds what fits and holds each row's bins against the tables.
std::size_t bundled(const std::vector<column>& columns, const std::vector<std::size_t>& bins) {
  bin_bundle b(columns[0].size());
  std::vector<column> in;
  for (std::size_t f = 0; f < columns.size(); ++f)
    if (b.add(bins[f], columns[f][0], columns[f])) in.push_back(columns[f]);
  REQUIRE(b.features() == in.size());
  CHECK(b.states() <= bin_bundle::most_states);
  std::size_t wrong = 0;
  for (std::size_t f = 0; f < in.size(); ++f) {
    REQUIRE(b.bin_of_state(f).size() == b.states());
    for (std::size_t i = 0; i < in[f].size(); ++i) wrong += b.bin_of_state(f)[b.rows()[i]] != in[f][i];
  }
  CHECK(wrong == 0);
  return in.size();
}

TEST_CASE("bin bundle: the columns of a one-hot code share a byte, as many as it has values") {
  random_stream random(1);
  std::vector<column> columns(300, column(20000, 0));
  for (std::size_t i = 0; i < 20000; ++i) columns[static_cast<std::size_t>(random.uniform() * 300)][i] = 1;
  CHECK(bundled(columns, std::vector<std::size_t>(300, 2)) >= 254);  // and combinations of none of them
}

TEST_CASE("bin bundle: eight flags of any combination fit, nine do not; small codes by their product") {
  random_stream random(2);
  const auto draw = [&](std::size_t bins) {
    column c(20000);
    for (auto& v : c) v = static_cast<std::uint8_t>(random.uniform() * static_cast<double>(bins));
    return c;
  };
  std::vector<column> flags;
  for (int f = 0; f < 9; ++f) flags.push_back(draw(2));
  CHECK(bundled(flags, std::vector<std::size_t>(9, 2)) == 8);
  CHECK(bundled({draw(4), draw(8), draw(7), draw(2)}, {4, 8, 7, 2}) == 3);
  CHECK(bundled({draw(15), draw(17)}, {15, 17}) == 2);
}

TEST_CASE("bin bundle: rows that are listed make the bundle of all rows, whatever joins and whatever does not") {
  random_stream random(3);
  constexpr std::size_t n = 5000;
  bin_bundle whole(n), listed(n);
  std::size_t joined = 0;
  for (std::size_t f = 0; f < 60; ++f) {
    const std::size_t bins = 2 + f % 5, base = f % 3 == 0 ? bins - 1 : 0;
    column all(n, static_cast<std::uint8_t>(base)), some;
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < n; ++i) {
      if (!random.bernoulli(0.02)) continue;
      all[i] = static_cast<std::uint8_t>(random.uniform() * static_cast<double>(bins));
      rows.push_back(static_cast<std::uint32_t>(i));
      some.push_back(all[i]);
    }
    const bool joins = whole.add(bins, base, all);
    CHECK(listed.add(bins, base, rows, some) == joins);
    joined += joins;
    REQUIRE(listed.states() == whole.states());
    REQUIRE(std::equal(whole.rows().begin(), whole.rows().end(), listed.rows().begin()));
  }
  CHECK(joined > 2);
  CHECK(joined < 60);
  for (std::size_t f = 0; f < joined; ++f) CHECK(listed.bin_of_state(f) == whole.bin_of_state(f));
}

}  // namespace test_bin_bundle
