// One system with every transform of the library in front of boosted trees: what the laws of whole systems run on.
#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/drift/ks_reference.hpp"
#include "mlsd/drift/psi_reference.hpp"
#include "mlsd/features.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/ftrl.hpp"
#include "mlsd/training/gbdt.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace whole_system {

using namespace mlsd::literals;

struct event {
  float age;
  std::optional<float> bid;
  std::int32_t clicks;
  std::uint32_t ad;
  std::string_view site;
  mlsd::timestamp time;
  std::array<float, 3> past;
  float weight;
  bool bought;
};
inline constexpr mlsd::schema events{"age"_f = &event::age,
                                     "bid"_f = &event::bid,
                                     "clicks"_f = &event::clicks,
                                     "ad"_f = &event::ad,
                                     "site"_f = &event::site,
                                     "time"_f = &event::time,
                                     "past"_f = mlsd::computed(&event::past),
                                     "weight"_f = mlsd::weight(&event::weight),
                                     "bought"_f = mlsd::label(&event::bought)};

inline constexpr std::string_view sites[] = {"news", "sport", "", "maps", "forum", "\xC3\xA9t\xC3\xA9"};

inline mlsd::frame<events> table(std::size_t rows, std::uint64_t seed = 1) {
  mlsd::random_stream draw(seed, 0);
  mlsd::frame<events> t;
  for (std::size_t i = 0; i < rows; ++i) {
    event e{};
    const double u = draw.uniform();
    e.age = u < 0.1 ? (std::numeric_limits<float>::quiet_NaN)() : static_cast<float>(18 + 70 * draw.uniform());
    if (draw.uniform() < 0.8) e.bid = static_cast<float>(draw.exponential());
    e.clicks = static_cast<std::int32_t>(draw.uniform_int(50));
    e.ad = static_cast<std::uint32_t>(draw.uniform_int(40));
    e.site = sites[draw.uniform_int(6)];
    e.time = {static_cast<std::int64_t>(i) * 600'000};
    for (float& p : e.past) p = static_cast<float>(draw.uniform_int(1000));
    e.weight = 0.5f + static_cast<float>(draw.uniform());
    e.bought = draw.uniform() < 0.1 + 0.3 * (e.ad % 5 == 0) + 0.2 * (e.clicks > 25);
    t.push_back(e);
  }
  return t;
}

inline auto spec() {
  using namespace mlsd;
  return from<events>() | on("age"_f)(impute{impute::median} >> clip{20, 80} >> log_plus_one{} >> standardize{}) |
         on("bid"_f)(is_missing{}).as("no_bid"_f) | on("bid"_f)(impute{impute::mean} >> standardize{}) |
         on("clicks"_f)(as_number{}) | on("past"_f)(log_plus_one{}) | cross<12>("ad_site"_f, "ad"_f, "site"_f) |
         on("ad"_f, "ad_site"_f)(target_encode{}).as("ad_rate"_f, "pair_rate"_f) | on("site"_f)(ordinal{}) |
         on("ad"_f)(hashed<10>{}) | on("time"_f)(hour_of_day{}).as("hour"_f) |
         // One product: what Clang makes of a * b + c in a user's own kernel depends on -march.
         derive(
             "value"_f, [](float bid, float rate) noexcept { return bid * rate; }, "bid"_f, "ad_rate"_f);
}
using features = decltype(spec())::pipeline_type;

/// What goes into the one file.
struct system {
  mlsd::scoring_pipeline<features, mlsd::calibrated<mlsd::gbdt_model, mlsd::isotonic_map>> trees{};
  mlsd::scoring_pipeline<features, mlsd::calibrated<mlsd::linear_model, mlsd::platt_map>> line{};
  std::vector<mlsd::psi_reference> psi{};
  mlsd::ks_reference ks{};

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("trees", self.trees);
    ar("line", self.line);
    ar("psi", self.psi);
    ar("ks", self.ks);
  }
};

template <mlsd::executor Ex = mlsd::sequential> system train(const mlsd::frame<events>& rows, Ex&& ex = {}) {
  auto fitted = spec().fit(rows, ex).value();
  const mlsd::labelled_matrix seen = fitted.features.labelled(rows, ex);
  auto trees = mlsd::gbdt_trainer{.trees = 12, .leaves = 8}.fit<mlsd::logistic>(fitted.x, ex).value();
  auto line = mlsd::ftrl_trainer{.l1 = 0.01f}.fit<mlsd::logistic>(fitted.x).value();
  system s;
  for (std::size_t j = 0; j < seen.x.number_columns(); ++j)
    s.psi.push_back(mlsd::psi_reference::from(seen.x.number(j)));
  s.psi.push_back(mlsd::psi_reference::from(seen.x.code(0)));
  s.ks = mlsd::ks_reference::from(seen.x.number(0));
  s.trees = fitted.features | mlsd::calibrate<mlsd::isotonic>(std::move(trees), seen).value();
  s.line = std::move(fitted.features) | mlsd::calibrate<mlsd::platt>(std::move(line), seen).value();
  return s;
}

}  // namespace whole_system
