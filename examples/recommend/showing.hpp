/// What the ranker and the rules know of one film shown to one user at one time.
#pragma once

#include "mlsd/data/frame.hpp"
#include "mlsd/features.hpp"

#include <array>
#include <cstdint>

using namespace mlsd::literals;

inline constexpr std::size_t factors = 32;

/// Of the catalogue: never changes.
struct film_facts {
  std::uint32_t genre = 0, series = 0;
  float year = 0;
  std::array<float, factors> vector{};
};
inline constexpr mlsd::schema films{"genre"_f = &film_facts::genre, "series"_f = &film_facts::series,
                                    "year"_f = &film_facts::year, "vector"_f = &film_facts::vector};

/// Of the stores: as of the time of the request.
struct film_past {
  float ratings = 0, stars = 0, warmth = 0, idle_days = 0;
};
inline constexpr mlsd::schema film_pasts{"ratings"_f = &film_past::ratings, "stars"_f = &film_past::stars,
                                         "warmth"_f = &film_past::warmth, "idle_days"_f = &film_past::idle_days};
struct user_past {
  float seen = 0, user_stars = 0, user_year = 0;
};
inline constexpr mlsd::schema user_pasts{"seen"_f = &user_past::seen, "user_stars"_f = &user_past::user_stars,
                                         "user_year"_f = &user_past::user_year};

struct showing {
  std::uint32_t genre = 0, series = 0;
  float year = 0;
  std::array<float, factors> vector{};
  float ratings = 0, stars = 0, warmth = 0, idle_days = 0;
  float seen = 0, user_stars = 0, user_year = 0;
  std::array<float, 5> found{}, place{};  ///< score and place in the list of each source, NaN where it did not find it
  float fused = 0, sources = 0, affinity = 0, years_apart = 0;
  bool chosen = false;
};
inline constexpr mlsd::schema showings{"genre"_f = &showing::genre,
                                       "series"_f = &showing::series,
                                       "year"_f = &showing::year,
                                       "vector"_f = &showing::vector,
                                       "ratings"_f = &showing::ratings,
                                       "stars"_f = &showing::stars,
                                       "warmth"_f = &showing::warmth,
                                       "idle_days"_f = &showing::idle_days,
                                       "seen"_f = &showing::seen,
                                       "user_stars"_f = &showing::user_stars,
                                       "user_year"_f = &showing::user_year,
                                       "found"_f = &showing::found,
                                       "place"_f = &showing::place,
                                       "fused"_f = &showing::fused,
                                       "sources"_f = &showing::sources,
                                       "affinity"_f = &showing::affinity,
                                       "years_apart"_f = &showing::years_apart,
                                       "chosen"_f = mlsd::label(&showing::chosen)};

/// Trees need no scaling.
[[nodiscard]] inline auto ranking_features() {
  return mlsd::from<showings>() |
         mlsd::on("year"_f, "ratings"_f, "stars"_f, "warmth"_f, "idle_days"_f, "seen"_f, "user_stars"_f, "user_year"_f,
                  "found"_f, "place"_f, "fused"_f, "sources"_f, "affinity"_f, "years_apart"_f)(mlsd::as_number{}) |
         mlsd::on("genre"_f)(mlsd::ordinal{});
}
