// Every trainer: the same seed gives the same model, on any number of threads; another seed another one.
#include "catch.hpp"
#include "laws/whole_system.hpp"
#include "mlsd/testing/laws/training.hpp"

namespace test_laws_training_of_models {
using namespace mlsd;

TEST_CASE("every trainer keeps the laws of seeds and threads", "[laws][threads]") {
  const training_matrix x = whole_system::spec().fit(whole_system::table(800)).value().x;
  const auto holds = [](const result<void>& r) {
    INFO((r ? std::string() : r.error().message));
    CHECK(r.has_value());
  };
  const auto trees = [&](std::uint64_t seed, auto&& ex) {
    return gbdt_trainer{.trees = 8, .leaves = 6, .row_fraction = 0.5f, .column_fraction = 0.5f, .seed = seed}
        .fit<logistic>(x, ex);
  };
  holds(laws::same_seed_same_model([&] { return trees(1, sequential{}); }));
  holds(laws::same_model_on_any_threads([&](auto& ex) { return trees(1, ex); }));
  CHECK(fingerprint(trees(1, sequential{}).value()) != fingerprint(trees(2, sequential{}).value()));
  const auto line = [&](std::uint64_t seed) { return ftrl_trainer{.shuffle = true, .seed = seed}.fit<logistic>(x); };
  holds(laws::same_seed_same_model([&] { return line(1); }));
  CHECK(fingerprint(line(1).value()) != fingerprint(line(2).value()));
}

}  // namespace test_laws_training_of_models
