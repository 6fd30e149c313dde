/// What has happened so far: the stores that a rating updates and a request reads.
#pragma once

#include "mlsd/core/math.hpp"
#include "mlsd/core/sparse_row.hpp"
#include "mlsd/retrieval/group_popularity.hpp"
#include "mlsd/retrieval/popularity.hpp"
#include "mlsd/store/history.hpp"
#include "recommend/catalogue.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

/// A film as of its last rating.
struct film_state {
  float ratings = 0, stars = 0;  ///< how many, and their sum
  double warmth = 0;             ///< ratings, halved every 60 days
  mlsd::timestamp last{};
};
/// A user as of the last rating: the first `seen` entries of the user's list were known then.
struct user_state {
  std::uint32_t seen = 0;
  float stars = 0;
  mlsd::timestamp last{};
};

/// The past of all films and users. Ratings are added in order of time, of a user and a film one; `film_at`, `user_at`
/// and `seen` answer as of any time, and see what came strictly before it, whatever was added since. `trending` and
/// `in_genres` are sources of candidates as of now.
class past {
 public:
  static constexpr mlsd::duration half_life = mlsd::days(60);

  explicit past(const catalogue& c) : seen_(c.users.size() + 1) {
    std::vector<std::uint64_t> offset{0};
    std::vector<std::uint32_t> genre;
    for (const film& f : c.films) {
      genre.insert(genre.end(), f.genres.begin(), f.genres.end());
      offset.push_back(genre.size());
    }
    trending_ = mlsd::popularity::make(half_life, c.films.size()).value();
    in_genres_ = mlsd::group_popularity::make(half_life, {offset, genre, {}, c.genres.size()}).value();
    const mlsd::as_of_options before{.strictly_before = true};
    films_ = mlsd::history<film_state>::make(before).value();
    users_ = mlsd::history<user_state>::make(before).value();
  }

  /// A rating arrives: the next request sees it.
  void add(const rating& r) {
    film_state f = film_at(r.film, r.time);
    f.warmth = f.warmth * halved(r.time - f.last) + 1;
    films_.put(r.film, {f.ratings + 1, f.stars + r.stars, f.warmth, r.time}, r.time);
    const user_state u = user_at(r.user, r.time);
    users_.put(r.user, {u.seen + 1, u.stars + r.stars, r.time}, r.time);
    seen_[r.user].push_back(r.film);
    trending_.add(r.film, r.time);
    in_genres_.add(r.film, r.time);
  }

  [[nodiscard]] film_state film_at(std::uint32_t f, mlsd::timestamp t) const noexcept { return films_.as_of(f, t).row; }
  [[nodiscard]] user_state user_at(std::uint32_t u, mlsd::timestamp t) const noexcept { return users_.as_of(u, t).row; }
  /// The films that a user had rated, oldest first.
  [[nodiscard]] std::span<const std::uint32_t> seen(std::uint32_t u, mlsd::timestamp t) const noexcept {
    return std::span(seen_[u]).first(user_at(u, t).seen);
  }
  [[nodiscard]] const mlsd::popularity& trending() const noexcept { return trending_; }
  [[nodiscard]] const mlsd::group_popularity& in_genres() const noexcept { return in_genres_; }
  [[nodiscard]] static double halved(mlsd::duration age) noexcept {
    return mlsd::math::exp(-0.6931471805599453 * static_cast<double>(age.ms) / static_cast<double>(half_life.ms));
  }

 private:
  mlsd::history<film_state> films_;
  mlsd::history<user_state> users_;
  std::vector<std::vector<std::uint32_t>> seen_;
  mlsd::popularity trending_;
  mlsd::group_popularity in_genres_;
};
