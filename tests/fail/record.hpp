// What the cases share.
#pragma once

#include "mlsd/features/clip.hpp"
#include "mlsd/features/impute.hpp"
#include "mlsd/features/on.hpp"
#include "mlsd/features/target_encode.hpp"

#include <cstdint>
#include <string_view>

using namespace mlsd::literals;
struct impression {
  float age, bid;
  std::uint32_t ad;
  std::string_view site;
  bool clicked;
};
inline constexpr mlsd::schema impressions{"age"_f = &impression::age, "bid"_f = &impression::bid,
                                          "ad"_f = &impression::ad, "site"_f = &impression::site,
                                          "clicked"_f = mlsd::label(&impression::clicked)};
