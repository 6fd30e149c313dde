// A table has one model, whether its zeros are written down or not.
#include "catch.hpp"
#include "data/sparse_rows.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/training/gbdt.hpp"

namespace test_laws_sparse_training {
using namespace mlsd;

/// Trains on both kinds, with validation rows of the other kind, and extends and refits both.
template <class Loss>
void check_alike(const gbdt_trainer& t, const labelled_matrix& rows, const Loss& loss, bool keep_zeros = true) {
  const labelled_matrix valid = sparse_rows::table(500, 99);
  const labelled_sparse sparse_valid = sparse_rows::sparse_of(valid);
  const auto dense = training_matrix::out_of_fold(rows);
  const auto sparse = sparse_training_matrix::out_of_fold(sparse_rows::sparse_of(rows, keep_zeros));
  const bool can_stop = t.drop_fraction == 0;
  const early_stopping by_dense{can_stop ? &valid : nullptr, 4}, by_sparse{can_stop ? &sparse_valid : nullptr, 4};
  const auto wanted = t.fit(loss, dense, by_sparse), found = t.fit(loss, sparse, by_dense, threads(2));
  REQUIRE(wanted);
  REQUIRE(found);
  CHECK(wanted->trees() > 0);
  CHECK(fingerprint(*found) == fingerprint(*wanted));
  if (t.averaged) return;
  CHECK(fingerprint(t.extend(*wanted, loss, sparse).value()) == fingerprint(t.extend(*wanted, loss, dense).value()));
  CHECK(fingerprint(t.refit(*wanted, loss, sparse).value()) == fingerprint(t.refit(*wanted, loss, dense).value()));
}

TEST_CASE("sparse rows give the model of the dense table, bit for bit", "[laws][threads]") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    labelled_matrix rows = sparse_rows::table(1500, seed);
    const gbdt_trainer t{.trees = 12, .leaves = 12, .learning_rate = 0.3f, .seed = seed};
    check_alike(t, rows, logistic{});
    sparse_rows::weigh(rows, seed);
    gbdt_trainer drawn = t;
    drawn.row_fraction = 0.6f, drawn.column_fraction = 0.5f, drawn.bins = 2 + static_cast<std::uint32_t>(seed) * 7;
    check_alike(drawn, rows, logistic{});
  }
}

TEST_CASE("sparse rows: so where all that is stored is 1", "[laws][threads]") {
  labelled_matrix rows = sparse_rows::table(1500, 7);
  for (std::size_t j = 0; j < rows.x.number_columns(); ++j)
    for (float& x : rows.x.number(j)) x = x != 0 ? 1.0f : 0.0f;
  CHECK(sparse_rows::sparse_of(rows.x).number(0).value.empty());
  check_alike({.trees = 12, .leaves = 12}, rows, logistic{}, false);
}

TEST_CASE("sparse rows: so where zeros are missing, and where trees are symmetric", "[laws][threads]") {
  for (const std::uint64_t seed : {1u, 2u}) {
    labelled_matrix rows = sparse_rows::table(1500, seed);
    rows.x.number(60)[3] = 1e-36f;  // missing, if zeros are
    gbdt_trainer zero{.trees = 12, .leaves = 12, .learning_rate = 0.3f}, symmetric = zero;
    zero.zero_as_missing = true;
    symmetric.growth = tree_growth::symmetric;
    for (const gbdt_trainer& t : {zero, symmetric}) check_alike(t, rows, logistic{});
    sparse_rows::weigh(rows, seed);
    zero.bins = 9;
    check_alike(zero, rows, logistic{});
  }
  const auto sparse = sparse_training_matrix::out_of_fold(sparse_rows::sparse_of(sparse_rows::table(60, 1)));
  CHECK(gbdt_trainer{.linear_leaves = true}.fit<logistic>(sparse).error().message ==
        "gbdt_trainer: linear_leaves need dense rows");
}

TEST_CASE("sparse rows: so with samples by slopes, dropout, forests, and losses with kinks", "[laws][threads]") {
  labelled_matrix rows = sparse_rows::table(1200, 4);
  sparse_rows::weigh(rows, 4);
  gbdt_trainer t{.trees = 10, .leaves = 8, .learning_rate = 0.4f, .seed = 4};
  gbdt_trainer slopes = t, dropout = t, forest = t;
  slopes.top_fraction = 0.3f;
  dropout.drop_fraction = 0.3f, dropout.skip_drop = 0;
  forest.averaged = true, forest.row_fraction = 0.5f;
  for (const gbdt_trainer& kind : {slopes, dropout, forest}) check_alike(kind, rows, logistic{});
  check_alike(t, rows, quantile{.level = 0.2});
}

TEST_CASE("sparse rows: so for lists", "[laws]") {
  labelled_matrix rows = sparse_rows::table(1200, 8);
  for (std::size_t i = 0; i < rows.rows(); ++i) rows.group.push_back(static_cast<std::uint32_t>(i / 12));
  const labelled_sparse sparse = sparse_rows::sparse_of(rows);
  const gbdt_trainer t{.trees = 8, .leaves = 8};
  const auto wanted = t.fit(lambda_rank{}, training_matrix::out_of_fold(rows), {.validation = &rows}).value();
  const auto found = t.fit(lambda_rank{}, sparse_training_matrix::out_of_fold(sparse), {.validation = &sparse}).value();
  CHECK(wanted.trees() > 0);
  CHECK(fingerprint(found) == fingerprint(wanted));
}

TEST_CASE("sparse rows: bins are cut on a sample of many rows alike, with weights and without", "[laws]") {
  constexpr std::size_t n = detail::binned_matrix::sampled_rows + 30'000;
  labelled_matrix rows = sparse_rows::table(n, 5, 1, 4);
  for (const bool weighted : {false, true}) {
    if (weighted) sparse_rows::weigh(rows, 5);
    const sparse_matrix sparse = sparse_rows::sparse_of(rows.x);
    sequential ex;
    const detail::binned_matrix a(rows.x, rows.weight, {.bins = 60}, ex), b(sparse, rows.weight, {.bins = 60}, ex);
    REQUIRE(a.blocks().size() == b.blocks().size());
    REQUIRE(a.features().size() == b.features().size());
    bool same = a.total_bins() == b.total_bins();
    for (std::size_t f = 0; f < a.features().size(); ++f)
      for (std::size_t k = 0; k < a.features()[f].ordinary; ++k)
        same &= a.threshold(a.features()[f], k) == b.threshold(b.features()[f], k);
    for (std::size_t k = 0; k < a.blocks().size(); ++k)
      same &= std::equal(a.bytes(k), a.bytes(k) + n * detail::binned_matrix::row_bytes, b.bytes(k));
    CHECK(same);
  }
}

TEST_CASE("sparse rows: what is wrong with them is said as of dense ones", "[laws]") {
  labelled_matrix rows = sparse_rows::table(60, 6, 1, 2);
  const auto complaint = [&](const early_stopping& stop = {}) {
    const auto a = gbdt_trainer{}.fit<logistic>(training_matrix::out_of_fold(rows), stop);
    const auto b =
        gbdt_trainer{}.fit<logistic>(sparse_training_matrix::out_of_fold(sparse_rows::sparse_of(rows)), stop);
    REQUIRE_FALSE(a);
    REQUIRE_FALSE(b);
    CHECK(a.error().message == b.error().message);
    return b.error().message;
  };
  const labelled_sparse narrow = sparse_rows::sparse_of(sparse_rows::table(60, 6, 1, 1)), none;
  CHECK(complaint({&narrow}) == "validation rows have 9 numbers and 0 codes, the training rows 10 and 0");
  CHECK(complaint({&none}) == "validation rows: no rows");
  rows.weight.assign(60, 1);
  rows.weight[7] = 0;
  for (std::size_t i = 0; i < 60; ++i) rows.x.number(4)[i] = i == 7 ? 0 : (std::numeric_limits<float>::quiet_NaN)();
  CHECK(complaint() == "feature \"x4\" (column 4) is NaN in every row");
  rows.label[3] = 2;
  CHECK(complaint().find("row 3") == 0);
}

}  // namespace test_laws_sparse_training
