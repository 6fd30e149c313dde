// Every transform, in one pipeline: row == batch == slice == subset == loaded == any number of threads, bit for bit,
// and the same bits from every compiler and set of flags.
#include "catch.hpp"
#include "laws/bits_file.hpp"
#include "laws/events.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/rows.hpp"
#include "mlsd/testing/laws/training.hpp"

namespace test_laws_transforms {
using namespace mlsd;
using namespace test_laws;

std::string reason(const result<void>& r) { return r ? std::string() : r.error().message; }

TEST_CASE("every transform keeps the laws of rows and files", "[laws][threads]") {
  const auto [features, x] = every_transform().fit(some_events(2'000)).value();
  const auto table = some_events(3'000, 2);  // unseen users, other tiles
  threads pool(3);
  CHECK(reason(laws::table_equals_rows(features, table, pool)).empty());
  CHECK(reason(laws::survives_file(features)).empty());
  const auto loaded = from_bytes<features_type>(to_bytes(features)).value();
  CHECK(reason(laws::table_equals_rows(loaded, table)).empty());
  CHECK(bits_of(loaded(table)) == bits_of(features(table)));
}

TEST_CASE("the training matrix holds what the fitted pipeline makes, but for encoders that see labels", "[laws]") {
  const auto table = some_events(3'000);
  const auto [features, x] = every_transform().fit(table).value();
  const feature_matrix plain = features(table);
  for (std::size_t f = 0; f < plain.info().size(); ++f) {
    if (plain.info()[f].name == "user_rate") continue;
    INFO(plain.info()[f].name);
    std::size_t different = 0;
    for (std::size_t i = 0; i < plain.rows(); ++i)
      different += f < plain.number_columns()
                       ? laws::bits(plain.number(f)[i]) != laws::bits(x.x().number(f)[i])
                       : plain.code(f - plain.number_columns())[i] != x.x().code(f - plain.number_columns())[i];
    CHECK(different == 0);
  }
}

TEST_CASE("a fit does not depend on threads", "[laws][threads]") {
  const auto table = some_events(2'000);
  CHECK(reason(laws::same_model_on_any_threads([&](auto& ex) -> result<features_type> {
          auto fitted = every_transform().fit(table, ex);
          if (!fitted) return fitted.error();
          return std::move(fitted->features);
        })).empty());
}

TEST_CASE("a fitted pipeline and what it makes are the same bits under every compiler and set of flags", "[laws]") {
  const auto [features, x] = every_transform().fit(some_events(2'000)).value();
  const std::uint64_t model = fingerprint(features), training = bits_of(x.x()),
                      made = bits_of(features(some_events(3'000, 2)));
  note_bits("pipeline", model);
  note_bits("training matrix", training);
  note_bits("features", made);
  CHECK(training == 0x56e369529fe64bb7u);
  CHECK(made == 0x0b3b905652a3509fu);
}

}  // namespace test_laws_transforms
