// A row of weight 0 teaches nothing: not a split, not a tie, not which columns share a byte.
#include "catch.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/training/gbdt.hpp"

namespace test_laws_weightless_rows {
using namespace mlsd;

/// Flags and small counts, some of them alike, so that gains tie; rows of weight 0 have values that no others have.
labelled_matrix table(std::size_t n, std::uint64_t seed) {
  constexpr std::size_t columns = 12;
  labelled_matrix m{feature_matrix(std::vector<feature_info>(columns), n), std::vector<float>(n), {}, {}};
  random_stream random(seed);
  for (std::size_t i = 0; i < n; ++i) {
    m.weight.push_back(random.bernoulli(0.2) ? 0.0f : 1.0f);
    for (std::size_t j = 0; j < columns; ++j) {
      float& x = m.x.number(j)[i];
      x = static_cast<float>(random.uniform_int(j % 3 + 2));
      if (j >= 8) x = m.x.number(j - 8)[i];
      if (m.weight[i] == 0) x += static_cast<float>(random.uniform_int(9));
    }
    m.label[i] = random.bernoulli(m.x.number(1)[i] + m.x.number(5)[i] > 2 ? 0.8 : 0.3) ? 1.0f : 0.0f;
  }
  return m;
}
labelled_matrix without_weightless(const labelled_matrix& m) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < m.rows(); ++i)
    if (m.weight[i] > 0) kept.push_back(i);
  labelled_matrix out{feature_matrix({m.x.info().begin(), m.x.info().end()}, kept.size()), {}, {}, {}};
  for (std::size_t k = 0; k < kept.size(); ++k) {
    for (std::size_t j = 0; j < m.x.number_columns(); ++j) out.x.number(j)[k] = m.x.number(j)[kept[k]];
    out.label.push_back(m.label[kept[k]]);
    out.weight.push_back(1);
  }
  return out;
}

TEST_CASE("rows of weight 0 are as if they were not there, ties and columns of a tree included", "[laws]") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const labelled_matrix rows = table(60 + 10 * seed, seed);
    gbdt_trainer t{.trees = 6, .leaves = 6, .min_rows_in_leaf = 3, .seed = seed};
    t.column_fraction = seed % 2 == 0 ? 0.5f : 1.0f;
    t.growth = static_cast<tree_growth>(seed % 3);
    const auto with = t.fit<logistic>(training_matrix::out_of_fold(rows)).value();
    const auto without = t.fit<logistic>(training_matrix::out_of_fold(without_weightless(rows))).value();
    INFO("seed " << seed);
    CHECK(with.trees() > 0);
    CHECK(fingerprint(with) == fingerprint(without));
  }
}

}  // namespace test_laws_weightless_rows
