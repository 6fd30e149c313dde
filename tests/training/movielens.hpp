// The ratings of MovieLens ml-latest-small, if they are there.
#pragma once

#include "mlsd/data/interactions.hpp"
#include "shared.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace mlsd_test {

/// Users and films are numbered in the order of their identifiers; empty where there is no file, or no gzip.
inline mlsd::interactions movielens() {
  if (!shared_dir()) return {};
  const std::string command =
      std::string("gzip -dc '").append(shared_dir()).append("/data/rec_ml_latest_small/ratings.csv.gz' 2>/dev/null");
  std::FILE* lines = popen(command.c_str(), "r");
  if (lines == nullptr) return {};
  std::vector<mlsd::interaction> ratings;
  char line[128];
  while (std::fgets(line, sizeof line, lines) != nullptr) {
    unsigned user = 0, film = 0;
    float rating = 0;
    long long seconds = 0;
    if (std::sscanf(line, "%u,%u,%f,%lld", &user, &film, &rating, &seconds) == 4)
      ratings.push_back({user - 1, film, rating, {seconds * 1000}});
  }
  pclose(lines);
  std::vector<std::uint32_t> films;
  for (const auto& r : ratings) films.push_back(r.item);
  std::sort(films.begin(), films.end());
  films.erase(std::unique(films.begin(), films.end()), films.end());
  for (auto& r : ratings)
    r.item = static_cast<std::uint32_t>(std::lower_bound(films.begin(), films.end(), r.item) - films.begin());
  auto made = mlsd::interactions::make(ratings);
  return made ? *made : mlsd::interactions{};
}

}  // namespace mlsd_test
