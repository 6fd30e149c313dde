// The system that one process saves and another loads: only what serving needs, no training.
#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/features.hpp"
#include "mlsd/scoring/calibrated.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/scoring/isotonic.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace process {

using namespace mlsd::literals;

struct visit {
  float seconds;
  std::uint32_t page;
  std::string_view country;
  mlsd::timestamp time;
  bool bought;
};
inline constexpr mlsd::schema visits{"seconds"_f = &visit::seconds, "page"_f = &visit::page,
                                     "country"_f = &visit::country, "time"_f = &visit::time,
                                     "bought"_f = mlsd::label(&visit::bought)};

inline auto spec() {
  using namespace mlsd;
  return from<visits>() | on("seconds"_f)(impute{impute::median} >> log_plus_one{} >> standardize{}) |
         on("page"_f)(target_encode{}).as("page_rate"_f) | on("country"_f)(ordinal{}) |
         cross<10>("page_country"_f, "page"_f, "country"_f) | on("time"_f)(hour_of_day{}).as("hour"_f);
}
using features = decltype(spec())::pipeline_type;
using system = mlsd::scoring_pipeline<features, mlsd::calibrated<mlsd::gbdt_model, mlsd::isotonic_map>>;

/// The visits that both processes score.
inline std::vector<visit> requests() {
  constexpr std::string_view countries[] = {"DE", "FR", "", "unseen", "JP"};
  std::vector<visit> out;
  for (std::uint32_t i = 0; i < 500; ++i)
    out.push_back({i % 11 == 0 ? (std::numeric_limits<float>::quiet_NaN)() : static_cast<float>(i % 97),
                   i * 2654435761u >> 27, countries[i % 5], {std::int64_t{i} * 3'600'000}, i % 3 == 0});
  return out;
}

/// One number for the bits of all scores.
inline std::uint64_t bits_of_scores(const system& s) {
  std::uint64_t h = 0;
  for (const visit& v : requests()) h = mlsd::combine(h, std::bit_cast<std::uint64_t>(s(v)));
  return h;
}

}  // namespace process
