#include "mlsd/core/random.hpp"
#include "recommend/catalogue.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace {

constexpr std::array<const char*, 12> genres{"Action", "Comedy",  "Crime",   "Documentary", "Drama",  "Fantasy",
                                             "Horror", "Musical", "Mystery", "Romance",     "Sci-Fi", "Western"};
constexpr std::array<const char*, 12> adjectives{"Silent", "Golden", "Broken", "Hidden",  "Burning",  "Last",
                                                 "Second", "Lost",   "Frozen", "Distant", "Electric", "Crooked"};
constexpr std::array<const char*, 14> nouns{"River",  "Mirror", "Garden", "Station", "Harbour", "Letter", "Crown",
                                            "Winter", "Engine", "Circus", "Orchard", "Signal",  "Tower",  "Voyage"};
constexpr std::array<const char*, 10> places{"of Vienna",    "in the Rain", "at Dawn",     "of the North", "Below",
                                             "of Strangers", "by the Sea",  "at Midnight", "of Glass",     "Returns"};
constexpr std::int64_t first_day = 15'340;  // 2012-01-01
constexpr std::int64_t days = 1500;

struct taste {
  std::array<double, genres.size()> weight{};
  std::int64_t joined = 0;
};

struct made_film {
  double appeal = 0;
  std::int64_t released = 0;
  std::size_t school = 0;  ///< of directors and actors: nothing says so but who watches what together
};

[[nodiscard]] std::string title_of(std::size_t number, std::size_t part, std::int64_t year) {
  std::string title =
      std::string("The ") + adjectives[number % 12] + " " + nouns[number / 12 % 14] + " " + places[number / 168 % 10];
  if (part > 1) title += " " + std::to_string(part);
  return title + " (" + std::to_string(year) + ")";
}

}  // namespace

/// A user comes for a sitting of a few films. Each time some films come to mind; the user takes one with odds by
/// appeal, newness and genre taste, and, most of all, by whether it is of the school of the film before it.
catalogue simulator::operator()() const {
  mlsd::random_stream random(seed);
  const auto draw = [&](std::size_t n) { return static_cast<std::size_t>(random.uniform_int(n)); };
  catalogue c;
  c.name = "simulated";
  c.genres.assign(genres.begin(), genres.end());
  std::vector<made_film> made;
  for (std::size_t story = 0; c.films.size() < films; ++story) {
    const std::size_t parts = draw(5) == 0 ? 2 + draw(3) : 1;
    std::vector<std::uint32_t> of{static_cast<std::uint32_t>(draw(genres.size()))};
    if (const auto other = static_cast<std::uint32_t>(draw(genres.size())); other != of[0]) of.push_back(other);
    const double appeal = random.normal();
    const std::size_t school = draw(50);
    for (std::size_t part = 1; part <= parts && c.films.size() < films; ++part) {
      const std::int64_t released = static_cast<std::int64_t>(draw(2 * days)) - days;
      const auto id = static_cast<std::uint32_t>(c.films.size() + 1);
      const std::int64_t year = 2012 + (released - 180) / 365;
      c.films.push_back({id, title_of(story, part, year), static_cast<float>(year), of, 0});
      made.push_back({appeal - 0.3 * static_cast<double>(part - 1), released, school});
    }
  }
  number_series(c.films);

  std::vector<taste> tastes(users);
  for (std::size_t u = 0; u < users; ++u) {
    c.users.push_back(static_cast<std::uint32_t>(u + 1));
    for (double& w : tastes[u].weight) w = random.uniform() < 0.3 ? 2.5 * random.uniform() : -1.0;
    tastes[u].joined = static_cast<std::int64_t>(draw(days - 30));
  }
  std::vector<std::vector<bool>> seen(users, std::vector<bool>(films));
  const std::size_t most_sittings = 40 * ratings / users;
  for (std::size_t tries = 0; c.ratings.size() < ratings && tries < most_sittings * users; ++tries) {
    const std::size_t u = draw(users);
    const taste& t = tastes[u];
    // Most of a user's sittings come soon after joining.
    const double share = random.uniform();
    const std::int64_t day =
        t.joined + static_cast<std::int64_t>(share * share * share * static_cast<double>(days - t.joined));
    std::int64_t second = (first_day + day) * 86'400 + static_cast<std::int64_t>(draw(80'000));
    const made_film* before = nullptr;
    for (std::size_t k = 0, sitting = 3 + draw(8); k < sitting && c.ratings.size() < ratings; ++k) {
      double best = -1e9;
      std::size_t chosen = films;
      for (std::size_t look = 0; look < 150; ++look) {
        const std::size_t f = draw(films);
        if (seen[u][f] || made[f].released > day) continue;
        double liking = 1.5 * made[f].appeal + 1.5 * std::exp(-static_cast<double>(day - made[f].released) / 100);
        for (const std::uint32_t g : c.films[f].genres) liking += t.weight[g];
        if (before != nullptr && before->school == made[f].school) liking += 4;
        liking -= 0.5 * std::log(-std::log((std::max)(random.uniform(), 1e-12)));
        if (liking > best) best = liking, chosen = f;
      }
      if (chosen == films) break;
      seen[u][chosen] = true;
      before = &made[chosen];
      const double stars = 3.3 + 0.4 * best / 3 + 0.6 * random.normal();
      c.ratings.push_back({static_cast<std::uint32_t>(u),
                           static_cast<std::uint32_t>(chosen),
                           static_cast<float>(std::clamp(std::round(stars * 2) / 2, 0.5, 5.0)),
                           {second * 1000}});
      second += 20 + static_cast<std::int64_t>(draw(200));
    }
  }
  static_cast<void>(put_in_order(c.ratings));
  return c;
}
