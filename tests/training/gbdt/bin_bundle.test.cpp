#include "mlsd/training/gbdt/bin_bundle.hpp"

#include "mlsd/core/random.hpp"

#include "catch.hpp"

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

}  // namespace test_bin_bundle
