/// Films, users and who rated what when: read from a folder of MovieLens, or simulated.
#pragma once

#include "mlsd/core/result.hpp"
#include "mlsd/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct film {
  std::uint32_t id = 0;
  std::string title{};
  float year = 0;                       ///< 0: unknown
  std::vector<std::uint32_t> genres{};  ///< numbers in `catalogue::genres`
  std::uint32_t series = 0;             ///< films of one series have one number
};

struct rating {
  std::uint32_t user = 0, film = 0;  ///< numbers, not ids
  float stars = 0;
  mlsd::timestamp time{};
};

struct catalogue {
  std::string name{};
  std::vector<film> films{};  ///< in order of id
  std::vector<std::string> genres{};
  std::vector<std::uint32_t> users{};  ///< ids, ascending
  std::vector<rating> ratings{};       ///< in order of time; no two at the same time
};

/// movies.csv.gz and ratings.csv.gz of a folder, packed or not.
[[nodiscard]] mlsd::result<catalogue> read_movielens(const std::string& folder);

/// A catalogue with known tastes: users like some genres, and go on with what resembles the film before.
struct simulator {
  std::size_t users = 500, films = 1500, ratings = 40'000;
  std::uint64_t seed = 1;
  [[nodiscard]] catalogue operator()() const;
};

/// Puts ratings in order. The sources know seconds; within one second the order is user, film, and the sequence number
/// becomes the milliseconds, so that time alone is a total order. False: more than 1,000 ratings in one second.
[[nodiscard]] bool put_in_order(std::vector<rating>& ratings);

/// Numbers series by title: "Toy Story 2 (1999)" and "Toy Story (1995)" are one.
void number_series(std::vector<film>& films);
