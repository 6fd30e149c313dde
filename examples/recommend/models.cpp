#include "recommend/models.hpp"

#include "mlsd/core/threads.hpp"
#include "mlsd/data/interactions.hpp"
#include "mlsd/data/sessions.hpp"
#include "mlsd/training/als.hpp"
#include "mlsd/training/ease.hpp"
#include "mlsd/training/gbdt.hpp"
#include "progress.hpp"

#include <algorithm>
#include <numeric>

shortened_log without_last(std::span<const rating> log, std::size_t n, std::size_t users) {
  std::vector<std::size_t> left(users), total(users);
  for (const rating& r : log) ++total[r.user];
  shortened_log s;
  for (const rating& r : log) {
    const std::size_t behind = total[r.user] - left[r.user]++;  // 1: the last
    (behind > n || total[r.user] <= n ? s.log : s.rest).push_back(r);
  }
  return s;
}

namespace {

[[nodiscard]] mlsd::interactions histories(std::span<const rating> log, const catalogue& c) {
  std::vector<mlsd::interaction> events;
  for (const rating& r : log) events.push_back({r.user, r.film, 1, r.time});
  return mlsd::interactions::make(events, c.users.size(), c.films.size()).value();
}

[[nodiscard]] mlsd::result<models> sources_from(const catalogue& c, std::span<const rating> log, mlsd::threads& pool) {
  const mlsd::interactions all = histories(log, c);
  models m;
  auto sessions = mlsd::cut_into_sessions(all, {.length = 20, .step = 10});
  if (!sessions) return sessions.error();
  auto together = mlsd::cooccurrence{.shrinkage = 5, .neighbours = 100}.fit(sessions->by_user().binary(), pool);
  if (!together) return together.error();
  m.together = std::move(*together);
  auto taste =
      mlsd::als{.factors = factors, .regularization = 10, .confidence = 5, .iterations = 6, .binary = true}.fit(all,
                                                                                                                pool);
  if (!taste) return taste.error();
  m.taste = std::move(*taste);
  std::vector<std::uint32_t> ids(c.films.size());
  std::iota(ids.begin(), ids.end(), 0u);
  auto nearest = mlsd::hnsw<>::build(
      {.dimension = factors, .metric = mlsd::vector_metric::inner_product, .links = 12, .build_width = 60}, ids,
      m.taste.item_vectors(), pool);
  if (!nearest) return nearest.error();
  m.nearest = std::move(*nearest);
  auto ease = mlsd::ease{.regularization = 100}.fit(all, pool);
  if (!ease) return ease.error();
  m.ease = std::move(*ease);
  for (std::size_t i = 0; i < c.films.size(); ++i) {
    const film& f = c.films[i];
    film_facts facts{.genre = f.genres.empty() ? static_cast<std::uint32_t>(c.genres.size()) : f.genres.front(),
                     .series = f.series,
                     .year = f.year > 0 ? f.year : notes_none};
    const auto vector = m.taste.item_vectors()[i];
    std::copy_n(vector.begin(), factors, facts.vector.begin());
    m.facts.push_back(facts);
    m.genres.push_back(f.genres);
  }
  return m;
}

/// Adds the rows of one request: the film that was chosen, if it is among the candidates, and some that were not.
template <class Page> void add_rows(const Page& page, std::uint32_t chosen, std::vector<showing>& rows) {
  const auto is_chosen = [&](const auto& c) { return c.id == chosen; };
  if (std::none_of(page.begin(), page.end(), is_chosen)) return;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (!is_chosen(page[i]) && i >= 60 && i % 8 != 0) continue;
    showing row = *page[i].row;
    row.chosen = is_chosen(page[i]);
    rows.push_back(row);
  }
}

/// The targets are served as the ranking will serve, each when only what came before it has happened. In two parts of
/// time, side by side.
[[nodiscard]] mlsd::frame<showings> rows_for_ranker(const catalogue& c, std::span<const rating> log,
                                                    std::span<const rating> targets, const models& m,
                                                    mlsd::threads& pool) {
  std::array<std::vector<showing>, 2> rows;
  const std::size_t half = targets.size() / 2 + 1;
  mlsd::for_each_chunk(pool, targets.size(), half, [&](std::size_t first, std::size_t last) {
    past so_far(c);
    notes memory(c);
    const auto best = best_films(m, so_far);
    mlsd::workspace scratch{best};
    as_of_each(c, log, targets.subspan(first, last - first), so_far, memory,
               [&](const request& r, const rating& target) {
                 add_rows(best(r, scratch), target.film, rows[first == 0 ? 0 : 1]);
               });
  });
  mlsd::frame<showings> all;
  for (const std::vector<showing>& part : rows)
    for (const showing& row : part) all.push_back(row);
  return all;
}

}  // namespace

mlsd::result<models> training::operator()(const catalogue& c, std::span<const rating> log) const {
  mlsd::threads pool(threads);
  progress bar("training", 4);
  mlsd::frame<showings> rows;
  if (held_out > 0) {
    shortened_log s = without_last(log, held_out, c.users.size());
    const std::size_t step = s.rest.size() / most_requests + 1;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < s.rest.size(); i += step) s.rest[kept++] = s.rest[i];
    s.rest.resize(kept);
    auto m = sources_from(c, s.log, pool);
    if (!m) return m.error();
    bar.update(1);
    rows = rows_for_ranker(c, log, s.rest, *m, pool);
    bar.update(2);
  }
  auto m = sources_from(c, log, pool);
  if (!m || rows.size() == 0) return m;
  bar.update(3);
  auto fitted = ranking_features().fit(rows, pool);
  if (!fitted) return fitted.error();
  auto boosted = mlsd::gbdt_trainer{.trees = trees, .leaves = 7, .learning_rate = 0.05f, .min_rows_in_leaf = 200}
                     .fit<mlsd::logistic>(fitted->x, pool);
  if (!boosted) return boosted.error();
  m->ranker.emplace(std::move(fitted->features) | std::move(*boosted));
  return m;
}
