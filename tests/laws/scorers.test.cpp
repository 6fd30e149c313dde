// Every model and calibration map: row == batch == slice == subset == loaded, bit for bit, and safe to share.
#include "catch.hpp"
#include "laws/bits_file.hpp"
#include "mlsd/scoring/calibrated.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/isotonic.hpp"
#include "mlsd/scoring/linear.hpp"
#include "mlsd/scoring/margin_shift.hpp"
#include "mlsd/scoring/platt.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/rows.hpp"
#include "mlsd/testing/laws/training.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

namespace test_laws_scorers {
using namespace mlsd;

const random_gbdt::shape shape{.numbers = 6, .codes = 3, .trees = 23, .splits = 30};
const random_gbdt::rows rows(1'111, shape, 5);

gbdt_model trees() { return gbdt_model::build(random_gbdt::model(shape, 3)).value(); }
linear_model linear() {
  const std::uint32_t cardinality[] = {40, 80, 120};
  linear_parts parts;
  parts.layout = linear_layout(6, cardinality);
  parts.bias = -0.75;
  for (std::size_t k = 0; k < parts.layout.size(); ++k)
    parts.weight.push_back(static_cast<float>(static_cast<int>(k * 2654435761u % 1000) - 500) / 512);
  return linear_model::make(std::move(parts)).value();
}
isotonic_map steps() { return isotonic_map::make({-2, -0.5, 0.25, 3}, {0.01, 0.2, 0.4, 0.9}).value(); }

template <class Model> void check_laws(const char* name, const Model& model) {
  INFO(name);
  const auto holds = [](const result<void>& r) {
    INFO((r ? std::string() : r.error().message));
    CHECK(r.has_value());
  };
  holds(laws::batch_equals_rows(model, rows.columns()));
  holds(laws::survives_file(model));
  const auto loaded = from_bytes<Model>(to_bytes(model)).value();
  std::vector<double> a(rows.n), b(rows.n);
  model(rows.columns(), std::span<double>(a));
  loaded(rows.columns(), std::span<double>(b));
  std::uint64_t h = 0;
  std::size_t different = 0;
  for (std::size_t i = 0; i < rows.n; ++i) {
    different += laws::bits(a[i]) != laws::bits(b[i]);
    h = combine(h, a[i] != a[i] ? 1u : laws::bits(a[i]));
  }
  CHECK(different == 0);
  test_laws::note_bits(name, h);
  holds(laws::is_safe_to_share([&](std::size_t i) { return model(rows.row(i)); }, 200));
}

TEST_CASE("every model keeps the laws of scorers", "[laws][threads]") {
  check_laws("gbdt", trees());
  check_laws("linear", linear());
  check_laws("gbdt, shifted", calibrated(trees(), margin_shift(-1.25)));
  check_laws("gbdt, platt", calibrated(trees(), platt_map(0.8, -0.1)));
  check_laws("linear, isotonic", calibrated(linear(), steps()));
  check_laws("gbdt, shifted, isotonic", calibrated(calibrated(trees(), margin_shift(0.5)), steps()));
}

}  // namespace test_laws_scorers
