#include "mlsd/serve/batch.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/features.hpp"
#include "mlsd/training/gbdt.hpp"

#include <string>

#include "catch.hpp"

namespace test_batch {
using namespace mlsd::literals;

struct visit {
  float age = 0;
  bool bought = false;
};
inline constexpr mlsd::schema visits{"age"_f = &visit::age, "bought"_f = mlsd::label(&visit::bought)};

TEST_CASE("score_into: pieces in order, the bits of single rows, and the first error", "[serve]") {
  mlsd::frame<visits> table;
  for (int i = 0; i < 1000; ++i) table.push_back({static_cast<float>(i % 83), i % 83 > 40});
  auto [features, x] = (mlsd::from<visits>() | mlsd::on("age"_f)(mlsd::clip{0, 80})).fit(table).value();
  const auto model = features | mlsd::gbdt_trainer{.trees = 3}.fit<mlsd::logistic>(x).value();
  std::vector<double> all;
  const auto keep = [&](std::size_t first, std::span<const double> scores) -> mlsd::result<void> {
    CHECK(first == all.size());
    all.insert(all.end(), scores.begin(), scores.end());
    return {};
  };
  CHECK(mlsd::score_into(model, table, keep, {.rows = 300}, mlsd::threads{2}).value() == 1000);
  REQUIRE(all.size() == 1000);
  for (std::size_t i = 0; i < 1000; ++i) CHECK(all[i] == model(visit{static_cast<float>(i % 83), false}));

  const auto full = [](std::size_t first, std::span<const double>) -> mlsd::result<void> {
    if (first < 600) return {};
    return mlsd::error{mlsd::errc::io, "the disk is full"};
  };
  const auto failed = mlsd::score_into(model, table, full, {.rows = 300});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "the disk is full");
  CHECK_FALSE(mlsd::score_into(model, table, keep, {.rows = 0}));
}

}  // namespace test_batch
