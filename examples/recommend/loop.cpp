#include "recommend/loop.hpp"

#include "allocations.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/drift/watch.hpp"
#include "mlsd/drift/watched.hpp"
#include "mlsd/experiment/assign.hpp"
#include "mlsd/metrics/hit_rate.hpp"
#include "mlsd/metrics/ndcg.hpp"
#include "mlsd/metrics/query_mean.hpp"
#include "mlsd/metrics/ratio_metric.hpp"
#include "mlsd/serve/snapshot.hpp"
#include "mlsd/stats/latency.hpp"
#include "progress.hpp"
#include "recommend/models.hpp"

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>
#include <unordered_set>

namespace {

/// The place of a film in a list, from 1; 0: not there.
template <class List> [[nodiscard]] std::size_t place_of(std::uint32_t film, const List& list) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].id == film) return i + 1;
  return 0;
}

/// Hit rate and NDCG of one film to be found among the first ten.
class quality {
 public:
  void update(std::size_t place) {
    std::array<float, 11> score{}, label{};
    for (std::size_t i = 0; i < 10; ++i) score[i] = -static_cast<float>(i);
    score[10] = -std::numeric_limits<float>::infinity();
    label[place >= 1 && place <= 10 ? place - 1 : 10] = 1;
    query_.rank(score, label);
    hit_rate_.update(query_);
    ndcg_.update(query_);
  }
  [[nodiscard]] ranking_quality value(std::string name) const {
    return {std::move(name), hit_rate_.with_interval(), ndcg_.with_interval()};
  }
  [[nodiscard]] double hr10() const { return hit_rate_.value(); }

 private:
  mlsd::ranked_query query_;
  mlsd::query_mean<mlsd::hit_rate> hit_rate_{mlsd::hit_rate{.k = 10}};
  mlsd::query_mean<mlsd::ndcg<mlsd::dcg_gain::linear>> ndcg_{mlsd::ndcg<mlsd::dcg_gain::linear>{.k = 10}};
};

/// Every user's last rating is taken out, and looked for among all films that the user has not seen.
[[nodiscard]] mlsd::result<void> leave_last_out(const catalogue& c, const training& train, outcome& o) {
  const shortened_log parts = without_last(c.ratings, 1, c.users.size());
  const auto m = train(c, parts.log);
  if (!m) return m.error();
  past so_far(c);
  notes memory(c);
  const auto best = best_films(*m, so_far);
  mlsd::workspace scratch{best};
  const auto rules = rules_of_the_house() | mlsd::take{20};
  using candidate = std::remove_cvref_t<decltype(best(std::declval<const request&>(), scratch)[0])>;
  mlsd::arena of_rules(mlsd::scratch_bytes<candidate>(rules, candidates_a_request));

  auto popular = mlsd::popularity::make(mlsd::days(365'000), c.films.size()).value();
  for (const rating& r : parts.log) popular.add(r.film, r.time);
  mlsd::popularity::scratch nothing;
  mlsd::embedding_model::scratch fold;
  mlsd::ease_model::scratch of_ease;
  std::array<mlsd::hit<>, 10> ten;
  quality full, after_rules, by_popularity, by_als, by_ease, by_recent_ease;
  double found = 0;
  as_of_each(c, parts.log, parts.rest, so_far, memory, [&](const request& r, const rating& target) {
    const auto list = best(r, scratch);
    const std::size_t place = place_of(target.film, list);
    found += place > 0;
    full.update(place);
    std::vector<candidate> ruled(list.begin(), list.end());
    after_rules.update(place_of(target.film, rules(std::span(ruled), of_rules)));

    const auto unseen = [&](std::uint32_t f) noexcept { return !r.memory->seen(f); };
    by_popularity.update(place_of(target.film, popular.search(r, ten, nothing, unseen)));
    by_als.update(place_of(target.film, m->taste.search(mlsd::sparse_row{r.recent.index}, ten, fold)));
    by_ease.update(place_of(target.film, m->ease.search(mlsd::sparse_row{r.recent.index}, ten, of_ease)));
    const float place_by_ease = memory.of(4, target.film).place;
    by_recent_ease.update(place_by_ease == place_by_ease ? static_cast<std::size_t>(place_by_ease) : 0);
  });
  o.last_out.users = parts.rest.size();
  o.last_out.recall500 = found / static_cast<double>(parts.rest.size());
  o.last_out.full = full.value("full");
  o.last_out.after_rules = after_rules.value("after the rules");
  o.last_out.baselines = {by_popularity.value("popularity"), by_als.value("als"), by_ease.value("ease"),
                          by_recent_ease.value("ease_recent")};
  return {};
}

/// Asks "more like this" of whatever models are live, on a thread of its own, until it is stopped.
class other_reader {
 public:
  using live_models = mlsd::snapshot<std::unique_ptr<const models>>;
  explicit other_reader(live_models& live) : thread_([this, &live] { read(live); }) {}
  ~other_reader() {
    stop_ = true;
    thread_.join();
  }
  /// Waits until it has read this version.
  void wait_for(std::uint64_t version) const {
    while (newest_ < version) std::this_thread::yield();
  }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }

 private:
  void read(live_models& live) {
    live_models::reader reader(live);
    mlsd::hnsw<>::scratch scratch;
    std::array<mlsd::hit<>, 20> alike;
    mlsd::random_stream random(1);
    while (!stop_) {
      const auto seen = reader.get();
      const models& m = **seen;
      const auto film = random.uniform_int(m.facts.size());
      reads_ += m.nearest.search(m.facts[static_cast<std::size_t>(film)].vector, alike, scratch).size() == alike.size();
      newest_ = seen.number();
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> reads_{0}, newest_{0};
  std::thread thread_;
};

template <class Bits> [[nodiscard]] std::uint64_t differing(std::initializer_list<std::pair<Bits, Bits>> pairs) {
  std::uint64_t n = 0;
  for (const auto& [a, b] : pairs)
    n += std::bit_cast<std::uint64_t>(static_cast<double>(a)) != std::bit_cast<std::uint64_t>(static_cast<double>(b));
  return n;
}

/// The log with everything from `now` on shuffled: other users rate other films then.
[[nodiscard]] std::vector<rating> another_future(const catalogue& c, std::size_t now) {
  std::vector<rating> log = c.ratings;
  std::vector<rating> future(log.begin() + static_cast<std::ptrdiff_t>(now), log.end());
  mlsd::random_stream(1).shuffle(future);
  for (std::size_t i = now; i < log.size(); ++i) {
    log[i].user = future[i - now].user;
    log[i].film = future[i - now].film;
  }
  return log;
}

class replay {
 public:
  replay(const catalogue& c, const training& train, const options& asked)
      : catalogue_(c),
        train_(train),
        begin_(c.ratings.size() * 4 / 5),
        middle_(c.ratings.size() * 9 / 10),
        stride_((c.ratings.size() - begin_) / asked.requests + 1),
        so_far_(c),
        memory_(c),
        known_user_(c.users.size()),
        known_film_(c.films.size()),
        clicks_(c.users.size()),
        views_(c.users.size()),
        arms_(mlsd::assignment::make({.experiment = "full against popularity"}).value()) {}

  [[nodiscard]] mlsd::result<void> operator()(outcome& o) {
    const std::span<const rating> log(catalogue_.ratings);
    auto first = train_(catalogue_, log.first(begin_));
    if (!first) return first.error();
    other_reader::live_models live(std::make_unique<const models>(std::move(*first)));
    other_reader::live_models::reader reader(live);
    for (const rating& r : log.first(begin_)) {
      so_far_.add(r);
      known_user_[r.user] = known_film_[r.film] = true;
    }
    {
      const auto models_now = reader.get();
      check_future(**models_now, o);
      serve(**models_now, begin_, middle_, o);
      first_half_ = full_.hr10();
    }
    {
      other_reader other(live);
      auto second = train_(catalogue_, log.first(middle_));
      if (!second) return second.error();
      live.publish(std::make_unique<const models>(std::move(*second)));
      other.wait_for(1);
      o.replay.read_while_swapped = other.reads();
      o.replay.versions_read = 2;
    }
    const auto models_now = reader.get();
    serve(**models_now, middle_, log.size(), o);
    summarize(o);
    return show_page(**models_now, asked_user_, o);
  }
  std::string asked_user_{};

 private:
  /// The ratings from `first` to `last` arrive; before every `stride_`-th its user is shown a page.
  void serve(const models& m, std::size_t first, std::size_t last, outcome& o) {
    const auto recommend = page_of_films(m, so_far_);
    mlsd::workspace scratch{recommend};
    progress bar("replay", last - first);
    for (std::size_t i = first; i < last; ++i) {
      const rating& next = catalogue_.ratings[i];
      if (i % stride_ == 0) {
        const std::uint64_t before = allocations();
        const std::int64_t start = mlsd::steady_clock::now();
        const request r = request::make(next.user, next.time, catalogue_, so_far_, memory_);
        const auto page = recommend(r, scratch);
        latency_.update(static_cast<std::uint64_t>(mlsd::steady_clock::now() - start));
        o.replay.allocations += allocations() - before;
        judge(r, page, next.film, o);
      }
      so_far_.add(next);
      bar.update(i - first);
    }
    o.replay.stages.clear();
    scratch.for_each_stage([&](std::string_view name, const mlsd::stage_times& t) {
      o.replay.stages.push_back({std::string(name), t.times().quantile(0.5) / 1000, t.times().quantile(0.99) / 1000});
    });
  }

  template <class Page> void judge(const request& r, const Page& page, std::uint32_t chosen, outcome& o) {
    std::array<mlsd::hit<>, 20> twenty;
    mlsd::popularity::scratch nothing;
    const auto popular =
        so_far_.trending().search(r, twenty, nothing, [&](std::uint32_t f) noexcept { return !memory_.seen(f); });
    const std::size_t place = place_of(chosen, page), place_popular = place_of(chosen, popular);
    ++o.replay.requests;
    o.replay.empty_pages += page.empty();
    for (const auto& shown : page)
      if (!known_film_[shown.id]) {
        ++o.replay.pages_with_new_films;
        break;
      }
    full_.update(place);
    popular_.update(place_popular);
    if (!known_user_[r.user]) {
      new_full_.update(place);
      new_popular_.update(place_popular);
    }
    hits_.push_back(place >= 1 && place <= 10);
    popular_hits_.push_back(place_popular >= 1 && place_popular <= 10);

    const std::size_t arm = arms_(catalogue_.users[r.user]).value();
    views_[r.user] += 1;
    clicks_[r.user] += (arm == 1 ? place : place_popular) > 0;
    if (!page.empty()) {  // any positive score to a number in [0, 1)
      const double score = page[0].score / (0.02 + page[0].score);
      scores_.push_back(static_cast<float>(score));
    }
  }

  void summarize(outcome& o) {
    o.replay.ratings = catalogue_.ratings.size() - begin_;
    o.replay.hr10 = full_.value("").hr10;
    o.replay.popularity_hr10 = popular_.value("").hr10;
    o.replay.new_hr10 = new_full_.value("").hr10;
    o.replay.new_popularity_hr10 = new_popular_.value("").hr10;
    o.replay.first_half_hr10 = first_half_;
    o.replay.p50_us = latency_.quantile(0.5) / 1000;
    o.replay.p99_us = latency_.quantile(0.99) / 1000;
    compare_arms(o);
    watch_scores(o);
    constexpr std::size_t points = 20;
    for (std::size_t p = 0; p < points; ++p) {
      const std::size_t from = hits_.size() * p / points, to = hits_.size() * (p + 1) / points;
      double full = 0, popular = 0;
      for (std::size_t i = from; i < to; ++i) full += hits_[i], popular += popular_hits_[i];
      const double n = static_cast<double>((std::max)(to - from, std::size_t{1}));
      o.replay.hr10_over_time.push_back(full / n);
      o.replay.popularity_over_time.push_back(popular / n);
    }
    double late = 0;
    for (std::size_t i = hits_.size() / 2; i < hits_.size(); ++i) late += hits_[i];
    o.replay.second_half_hr10 = late / static_cast<double>((std::max)(hits_.size() - hits_.size() / 2, std::size_t{1}));
  }

  /// A user's pages are not independent: users are the units, and the interval is that of a ratio of their totals.
  void compare_arms(outcome& o) {
    std::array<mlsd::ratio_metric, 2> rate;
    auto ratio = mlsd::sample_ratio::make(std::array{1.0, 1.0}).value();
    for (std::size_t u = 0; u < views_.size(); ++u) {
      if (views_[u] == 0) continue;
      const std::size_t arm = arms_(catalogue_.users[u]).value();
      rate[arm].update(clicks_[u], views_[u]);
      ratio.update(arm);
      ++o.experiment.users[arm];
      o.experiment.requests[arm] += static_cast<std::uint64_t>(views_[u]);
      ++o.replay.users;
      o.replay.new_users += !known_user_[u];
    }
    for (const std::size_t arm : {std::size_t{0}, std::size_t{1}})
      o.experiment.click_rate[arm] = rate[arm].with_interval();
    const double difference = rate[1].value() - rate[0].value();
    const double error = std::hypot(rate[0].standard_error(), rate[1].standard_error());
    o.experiment.difference = mlsd::normal_estimate({.value = difference, .standard_error = error});
    o.experiment.p_value = 2 * mlsd::math::normal_cdf(-std::fabs(difference / error));
    o.experiment.sample_ratio = ratio.value();
  }

  /// The best score of each page: the first quarter of the replay is the reference for the rest.
  void watch_scores(outcome& o) {
    const std::size_t quarter = scores_.size() / 4;
    const auto reference = mlsd::psi_reference::from(std::span<const float>(scores_).first(quarter));
    mlsd::psi all(reference);
    mlsd::watch drift{mlsd::watched{"score"_f, mlsd::psi(reference), mlsd::watch_window{quarter}},
                      mlsd::watched{"score"_f, mlsd::adwin{}}};
    for (const float s : std::span(scores_).subspan(quarter)) {
      drift.update("score"_f, static_cast<double>(s));
      all.update(static_cast<double>(s));
    }
    o.drift.scores = scores_.size();
    o.drift.psi = all.value().statistic;
    o.drift.psi_drifted = all.value().drifted;
    o.drift.windows = (scores_.size() - quarter) / (std::max)(quarter, std::size_t{1});
    o.drift.psi_alarms = drift.lines()[0].alarms;
    o.drift.adwin_alarms = drift.lines()[1].alarms;
    o.drift.before.assign(reference.weight().begin(), reference.weight().end());
    o.drift.after.assign(all.weight().begin(), all.weight().end());
  }

  /// A store that has been told everything, the future in another order and about other users and films, must answer
  /// the first requests as the store does that has been told only what came before; and pages must be the same bits.
  void check_future(const models& m, outcome& o) const {
    const std::size_t last = (std::min)(begin_ + 100, catalogue_.ratings.size() - 1);
    const std::vector<rating> other = another_future(catalogue_, last);
    past told_before = so_far_, told_all(catalogue_);
    for (const rating& r : std::span(other).first(last)) told_all.add(r);
    for (std::size_t i = other.size(); i-- > last;) told_all.add(other[i]);
    notes memory(catalogue_), memory_all(catalogue_);
    const auto recommend = page_of_films(m, told_before);
    mlsd::workspace scratch{recommend};
    for (std::size_t i = begin_; i < last; ++i) {
      const rating& next = catalogue_.ratings[i];
      const request r = request::make(next.user, next.time, catalogue_, told_before, memory);
      const request s = request::make(next.user, next.time, catalogue_, told_all, memory_all);
      const auto page = recommend(r, scratch);
      for (const auto& shown : page) {
        const film_state a = told_before.film_at(shown.id, r.time), b = told_all.film_at(shown.id, r.time);
        o.replay.future_mismatches +=
            differing<double>({{a.ratings, b.ratings}, {a.stars, b.stars}, {a.warmth, b.warmth}});
        o.replay.future_mismatches += a.last != b.last;
        o.replay.future_compared += 4;
      }
      const user_past &u = r.of_user, &v = s.of_user;
      o.replay.future_mismatches +=
          differing<float>({{u.seen, v.seen}, {u.user_stars, v.user_stars}, {u.user_year, v.user_year}});
      o.replay.future_mismatches +=
          !std::equal(r.recent.index.begin(), r.recent.index.end(), s.recent.index.begin(), s.recent.index.end());
      o.replay.future_compared += 4;
      told_before.add(next);
    }
  }

  [[nodiscard]] mlsd::result<void> show_page(const models& m, const std::string& asked, outcome& o) {
    auto user = catalogue_.ratings.back().user;
    if (asked == "new") {
      user = static_cast<std::uint32_t>(catalogue_.users.size());
    } else if (!asked.empty()) {
      for (user = 0; user < catalogue_.users.size(); ++user)
        if (std::to_string(catalogue_.users[user]) == asked) break;
    }
    o.user = user < catalogue_.users.size() ? std::to_string(catalogue_.users[user]) : "new";
    const auto recommend = page_of_films(m, so_far_);
    mlsd::workspace scratch{recommend};
    const mlsd::timestamp now = catalogue_.ratings.back().time + mlsd::milliseconds(1);
    for (const auto& shown : recommend(request::make(user, now, catalogue_, so_far_, memory_), scratch)) {
      const film& f = catalogue_.films[shown.id];
      shown_film line{f.title, f.genres.empty() ? "" : catalogue_.genres[f.genres.front()], shown.score, {}};
      std::vector<std::size_t> found;  // the sources of the film, the one that set it highest first
      for (std::size_t s = 0; s < source_names.size(); ++s)
        if ((shown.origins >> s & 1) != 0) found.push_back(s);
      std::stable_sort(found.begin(), found.end(),
                       [&](std::size_t a, std::size_t b) { return shown.row->place[a] < shown.row->place[b]; });
      for (const std::size_t s : found) line.because.push_back(source_names[s]);
      o.page.push_back(std::move(line));
    }
    return {};
  }

  const catalogue& catalogue_;
  training train_;
  std::size_t begin_, middle_, stride_;
  past so_far_;
  notes memory_;
  std::vector<bool> known_user_, known_film_;
  std::vector<double> clicks_, views_;
  mlsd::assignment arms_;
  quality full_, popular_, new_full_, new_popular_;
  double first_half_ = 0;
  mlsd::latency latency_;
  std::vector<double> hits_, popular_hits_;
  std::vector<float> scores_;
};

}  // namespace

mlsd::result<outcome> run(const catalogue& c, const options& asked) {
  outcome o{.dataset = c.name, .users = c.users.size(), .films = c.films.size(), .ratings = c.ratings.size()};
  const auto is_asked = [&](std::uint32_t id) { return std::to_string(id) == asked.user; };
  if (!asked.user.empty() && asked.user != "new" && std::none_of(c.users.begin(), c.users.end(), is_asked))
    return mlsd::error{mlsd::errc::invalid_argument, "no user '" + asked.user + "' in " + c.name};
  const training train{.most_requests = 2 * asked.requests};
  if (auto ok = leave_last_out(c, train, o); !ok) return ok.error();
  replay traffic(c, train, asked);
  traffic.asked_user_ = asked.user;
  if (auto ok = traffic(o); !ok) return ok.error();
  return o;
}
