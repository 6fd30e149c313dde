/// What is learnt from a log of ratings, and the ranking that is made of it.
#pragma once

#include "mlsd/rerank/mmr.hpp"
#include "mlsd/rerank/quota.hpp"
#include "mlsd/rerank/take.hpp"
#include "mlsd/retrieval/cooccurrence.hpp"
#include "mlsd/retrieval/filter.hpp"
#include "mlsd/retrieval/fuse.hpp"
#include "mlsd/retrieval/hnsw.hpp"
#include "mlsd/scoring/ease.hpp"
#include "mlsd/scoring/embedding.hpp"
#include "mlsd/scoring/gbdt/model.hpp"
#include "mlsd/serve/join.hpp"
#include "mlsd/serve/rank.hpp"
#include "mlsd/serve/ranking.hpp"
#include "recommend/request.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

inline constexpr std::array<std::string_view, notes::sources> source_names{
    "seen with your last films", "close to your taste", "popular now", "popular in your genres",
    "goes with all you have seen"};

using fitted_ranker = decltype(ranking_features().fit(std::declval<const mlsd::frame<showings>&>()).value().features |
                               std::declval<mlsd::gbdt_model>());

/// Immutable once made; `snapshot` replaces the whole.
struct models {
  std::vector<film_facts> facts{};
  std::vector<std::vector<std::uint32_t>> genres{};  ///< of each film
  mlsd::cooccurrence_model together{};
  mlsd::embedding_model taste{};
  mlsd::hnsw<> nearest{};
  mlsd::ease_model ease{};
  std::optional<fitted_ranker> ranker{};
};

/// A source of one's own: the user's vector, folded in from what the user has seen, against the index.
class nearest_to_taste {
 public:
  nearest_to_taste(const mlsd::embedding_model& taste, const mlsd::hnsw<>& nearest)
      : taste_(taste), nearest_(nearest) {}
  struct scratch {
    mlsd::embedding_model::scratch fold{};
    mlsd::hnsw<>::scratch walk{};
    std::size_t most = 0;
  };
  void prepare(scratch& s, std::size_t most) const {
    if (most <= s.most) return;
    s.most = most;
    taste_.prepare(s.fold);
    s.walk = nearest_.make_scratch(nearest_.size());
  }
  std::span<mlsd::hit<>> search(const request& r, std::span<mlsd::hit<>> out, scratch& s) const noexcept {
    if (r.recent.size() == 0) return out.first(0);
    return nearest_.search(taste_.fold_in(r.recent, s.fold), out, s.walk,
                           [&](std::uint32_t f) noexcept { return !r.memory->seen(f); });
  }

 private:
  const mlsd::embedding_model& taste_;
  const mlsd::hnsw<>& nearest_;
};

/// A source that writes down what it thought of each film, for the ranker to read.
template <std::size_t Number, class Source, class Projection> class noted {
 public:
  using scratch = typename std::remove_cvref_t<Source>::scratch;
  noted(Source source, Projection projection) : source_(std::forward<Source>(source)), projection_(projection) {}
  void prepare(scratch& s, std::size_t most) const {
    if constexpr (requires { source_.prepare(s, most); })
      source_.prepare(s, most);
    else if constexpr (requires { source_.prepare(s); })
      source_.prepare(s);
  }
  std::span<mlsd::hit<>> search(const request& r, std::span<mlsd::hit<>> out, scratch& s) const noexcept {
    const auto hits = source_.search(std::invoke(projection_, r), out, s);
    for (std::size_t i = 0; i < hits.size(); ++i)
      r.memory->write(Number, hits[i].id, {hits[i].score, static_cast<float>(i + 1)});
    return hits;
  }

 private:
  Source source_;
  Projection projection_;
};

struct whole_request {
  const request& operator()(const request& r) const noexcept { return r; }
};
/// `note<0>(source, &request::recent, {.weight = 2})`: which part of the request is the query, and what it counts for.
template <std::size_t Number, class Source, class Projection>
[[nodiscard]] auto note(Source&& source, Projection projection, mlsd::source_options counts) {
  using kept = std::conditional_t<std::is_lvalue_reference_v<Source>, const std::remove_reference_t<Source>&, Source>;
  return mlsd::from(noted<Number, kept, Projection>(std::forward<Source>(source), projection), whole_request{}, counts);
}

/// The odds that the trees give a film, divided by 10 + its place in the list of EASE: the trees judge what EASE cannot
/// see, and EASE orders better than they do alone. On the last ratings but one of MovieLens the hit rate is .141, that
/// of EASE alone .125. Until there are trees, by the place alone.
struct film_scores {
  const models* learnt = nullptr;
  template <const auto& Source, class Row> void score_rows(Row&& row, std::span<double> out) const noexcept {
    std::fill(out.begin(), out.end(), 0.5);
    if (learnt->ranker) learnt->ranker->template score_rows<Source>(row, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float place = row(i).place[4];
      const double odds = out[i] / ((std::max)(1 - out[i], 1e-9));
      out[i] = odds / (10 + (place == place ? static_cast<double>(place) : 700.0));
    }
  }
};

inline constexpr std::size_t candidates_a_request = 500;
inline constexpr float notes_none = std::numeric_limits<float>::quiet_NaN();

/// Candidates of five sources, fused. All it refers to must outlive it.
[[nodiscard]] inline auto sources(const models& m, const past& so_far) {
  const auto unseen = [](const request& r, std::uint32_t f) noexcept { return !r.memory->seen(f); };
  return mlsd::fuse(note<0>(m.together, &request::latest, {.weight = 1, .most = 300}),
                    note<1>(nearest_to_taste(m.taste, m.nearest), whole_request{}, {.weight = 1, .most = 150}),
                    note<2>(mlsd::where(so_far.trending(), unseen), whole_request{}, {.weight = 0.5f, .most = 150}),
                    note<3>(so_far.in_genres(), &request::recent, {.weight = 0.5f, .most = 150}),
                    note<4>(m.ease, &request::recent, {.weight = 2}));
}

/// Gives each candidate the row that the ranker was trained on.
[[nodiscard]] inline auto joined(const models& m, const past& so_far) {
  using namespace mlsd;
  return join<showings>(
      fields<films>([&m](const request&, const hit<>& h) noexcept { return &m.facts[h.id]; }),
      fields<user_pasts>([](const request& r) noexcept { return &r.of_user; }),
      fields<film_pasts>([&so_far](const request& r, const hit<>& h) noexcept {
        const film_state f = so_far.film_at(h.id, r.time);
        const bool known = f.ratings > 0;
        return std::optional<film_past>(
            {f.ratings, known ? f.stars / f.ratings : notes_none,
             static_cast<float>(f.warmth * past::halved(r.time - f.last)),
             known ? static_cast<float>((r.time - f.last).ms) / 86'400'000.0f : notes_none});
      }),
      fill("found"_f,
           [](const request& r, const hit<>& h, const showing&) noexcept {
             std::array<float, notes::sources> found{};
             for (std::size_t s = 0; s < found.size(); ++s) found[s] = r.memory->of(s, h.id).score;
             return found;
           }),
      fill("place"_f,
           [](const request& r, const hit<>& h, const showing&) noexcept {
             std::array<float, notes::sources> place{};
             for (std::size_t s = 0; s < place.size(); ++s) place[s] = r.memory->of(s, h.id).place;
             return place;
           }),
      fill("fused"_f, [](const request&, const hit<>& h, const showing&) noexcept { return h.score; }),
      fill("sources"_f, [](const request&, const hit<>& h,
                           const showing&) noexcept { return static_cast<float>(std::popcount(h.origins)); }),
      fill("affinity"_f,
           [&m](const request& r, const hit<>& h, const showing&) noexcept {
             float sum = 0;
             for (const std::uint32_t g : m.genres[h.id]) sum += r.genres[g];
             return sum;
           }),
      fill("years_apart"_f, [](const request&, const hit<>&, const showing& s) noexcept {
        return s.year > 0 ? s.year - s.user_year : notes_none;
      }));
}

/// The best candidates, before the rules of the house.
[[nodiscard]] inline auto best_films(const models& m, const past& so_far) {
  return mlsd::retrieve(sources(m, so_far), candidates_a_request) | joined(m, so_far) | mlsd::rank(film_scores{&m});
}
/// No series twice, at most six of a genre, variety; what breaks a rule goes behind what keeps it. 20 films.
[[nodiscard]] inline auto rules_of_the_house() {
  using namespace mlsd;
  return dedupe{"series"_f} | quota{"genre"_f, 6, when_over::demote} | mmr("vector"_f, {.lambda = 0.8f, .picks = 20});
}
[[nodiscard]] inline auto page_of_films(const models& m, const past& so_far) {
  return best_films(m, so_far) | mlsd::rerank(rules_of_the_house()) | mlsd::take{20};
}

/// How the models are trained. What was tried out was tried on the last rating but one of each user of MovieLens.
struct training {
  std::uint32_t held_out = 10;         ///< the last ratings of each user, which the ranker learns from; 0: no ranker
  std::size_t most_requests = 10'000;  ///< served to gather rows for the ranker
  std::uint32_t trees = 60;
  std::uint32_t threads = 2;
  /// From a log in order of time.
  [[nodiscard]] mlsd::result<models> operator()(const catalogue& c, std::span<const rating> log) const;
};

/// Calls `f(request, target)` for each target, in order of time, when `so_far` holds the ratings of the log that came
/// before it, and no other.
template <class F>
void as_of_each(const catalogue& c, std::span<const rating> log, std::span<const rating> targets, past& so_far,
                notes& memory, F&& f) {
  std::size_t next = 0;
  for (const rating& target : targets) {
    while (next < log.size() && log[next].time < target.time) so_far.add(log[next++]);
    f(request::make(target.user, target.time, c, so_far, memory), target);
  }
}

/// A log without the last `n` ratings of each user, and those; users with no more than `n` keep all.
struct shortened_log {
  std::vector<rating> log{}, rest{};
};
[[nodiscard]] shortened_log without_last(std::span<const rating> log, std::size_t n, std::size_t users);
