#include "fraud/system.hpp"

#include "fraud/clocks.hpp"
#include "fraud/desk.hpp"
#include "fraud/monitors.hpp"
#include "fraud/policy.hpp"
#include "mlsd/metrics/average_precision.hpp"
#include "mlsd/serve/snapshot.hpp"
#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <queue>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace fraud {

namespace {

using mlsd::days;
using mlsd::hours;

// When what happens. Disputes come 1 to 20 days after the charge; a charge of which nothing was heard for `patience`
// counts as honest, rightly or not.
constexpr mlsd::duration first_training = days(10), between_trainings = days(4), after_alarm = days(2),
                         to_deploy = hours(12), memory = days(28), patience = days(6), recent = days(4),
                         holder_answers = days(1), report_every = days(5);
constexpr double kept_honest = 0.12;

/// Labels on their way: the earliest first.
struct late_label {
  mlsd::timestamp known{};
  std::size_t charge = 0;
  bool is_fraud = false;
};
struct later {
  [[nodiscard]] bool operator()(const late_label& a, const late_label& b) const noexcept { return a.known > b.known; }
};

/// A model that trains in another thread while decisions go on.
class training {
 public:
  ~training() {
    if (thread_.joinable()) thread_.join();
  }
  void start(training_rows<risks> learn, std::vector<risk> now, const training_settings& settings) {
    rows_ = std::move(now);
    thread_ = std::thread([this, learn = std::move(learn), settings] { model_ = train(learn, rows_, settings); });
  }
  [[nodiscard]] bool is_running() const noexcept { return thread_.joinable(); }
  /// Waits for the end.
  [[nodiscard]] mlsd::result<trained_cascade> finish() {
    thread_.join();
    return std::move(*std::exchange(model_, std::nullopt));
  }
  [[nodiscard]] std::span<const risk> recent() const noexcept { return rows_; }

 private:
  std::thread thread_{};
  std::vector<risk> rows_{};
  std::optional<mlsd::result<trained_cascade>> model_{};
};

/// A challenger, and how both models ranked the charges that both saw.
struct trial {
  trained_cascade challenger{};
  std::vector<std::size_t> charges{};
  std::vector<double> champion_score{}, challenger_score{};
};

using fraud_journal = journal<risk, fraud_cascade>;

[[nodiscard]] std::size_t looks_a_day(const options& o, const fraud_simulator& world) noexcept {
  return static_cast<std::size_t>(std::ceil(o.review_share * static_cast<double>(world.events) / world.days));
}

/// Decides one charge after the other. Models train beside, and are published between two decisions at moments fixed in
/// the time of the stream, so that runs repeat.
class gatekeeper {
 public:
  gatekeeper(const options& o, const fraud_simulator& world, const std::vector<charge>& stream, velocity past,
             desk people, fraud_journal log)
      : options_(o),
        world_(world),
        stream_(stream),
        past_(std::move(past)),
        people_(std::move(people)),
        journal_(std::move(log)),
        next_training_(world.start + first_training),
        fates_(stream.size(), fate::passed),
        known_(stream.size(), unknown) {
    rows_.reserve(stream.size());
  }

  [[nodiscard]] mlsd::result<outcome> run() {
    progress bar("deciding", stream_.size());
    clock_.go();
    for (std::size_t i = 0; i < stream_.size(); ++i) {
      const charge& c = stream_[i];
      hear(c.time);
      people_.work_until(c.time, [&](std::size_t charge, mlsd::timestamp when) { look(charge, when); });
      if (auto ok = manage_models(c.time); !ok) return ok.error();
      if (auto ok = decide(c, i); !ok) return ok.error();
      bar.update(i);
    }
    clock_.pause();
    return report();
  }

 private:
  static constexpr std::int8_t unknown = -1;

  // -- one charge -----------------------------------------------------------------------------------------------------

  [[nodiscard]] mlsd::result<void> decide(const charge& c, std::size_t i) {
    mlsd::decision other;
    bool compared = false;
    const auto view = reader_.get();
    const mlsd::decision d = timer_of(view->model)([&] {
      rows_.push_back(past_.observe(c));
      return (*view)(mlsd::hash_key(c.card), rows_.back(), [&](const auto&, const auto& challenger) noexcept {
        other = challenger;
        compared = true;
      });
    });
    if (auto ok = journal_.write(i, c.time, view->model, rows_.back(), d); !ok) return ok;
    if (compared && trial_) {
      trial_->charges.push_back(i);
      trial_->champion_score.push_back(d.score);
      trial_->challenger_score.push_back(other.score);
    }
    follow_up(c, i, d);
    if (view->model != 0) watch(c, i, d);
    return {};
  }
  [[nodiscard]] stopwatch& timer_of(std::uint64_t model) noexcept { return model == 0 ? by_rule_ : by_model_; }

  void follow_up(const charge& c, std::size_t i, const mlsd::decision& d) {
    constexpr mlsd::timestamp never{(std::numeric_limits<std::int64_t>::max)()};
    if (d.verdict == mlsd::verdict::block) {
      fates_[i] = fate::blocked;
      labels_.push({c.time + holder_answers, i, c.is_fraud()});
      return;
    }
    if (d.verdict == mlsd::verdict::review) people_.offer(i, d.score * static_cast<double>(c.amount), c.time);
    if (c.is_fraud() && c.disputed < never) labels_.push({c.disputed, i, true});
  }
  /// A person finds out the truth.
  void look(std::size_t charge, mlsd::timestamp when) {
    fates_[charge] = fate::looked_at;
    learn(charge, stream_[charge].is_fraud());
    if (!cases_) return;
    const double before = quality_["verdict"_f].monitor().mean();
    const bool drifted = quality_.update("verdict"_f, stream_[charge].is_fraud() ? 1.0 : 0.0).drifted;
    if (drifted && quality_["verdict"_f].monitor().mean() < before) raise("verdict", when, rows_.size());
  }
  /// What card holders say, by now.
  void hear(mlsd::timestamp now) {
    for (; !labels_.empty() && labels_.top().known <= now; labels_.pop())
      if (known_[labels_.top().charge] == unknown) learn(labels_.top().charge, labels_.top().is_fraud);
  }
  void learn(std::size_t charge, bool is_fraud) {
    known_[charge] = is_fraud;
    if (!is_fraud) return;
    heard_.push_back({rows_.size(), charge});
    past_.hear(stream_[charge], stream_[rows_.size()].time);
    if (!cases_ || charge < first_decided_ || stream_[charge].amount < dear) return;
    if (quality_.update("missed"_f, fates_[charge] == fate::passed ? 1.0 : 0.0).drifted)
      raise("missed", stream_[rows_.size()].time, rows_.size());
  }
  void watch(const charge& c, std::size_t i, const mlsd::decision& d) {
    if (d.level == 0 || !cases_) return;
    ++asked_;
    asked_frauds_ += c.is_fraud();
    cases_->set_time(c.time);
    if (cases_->update("amount"_f, rows_[i].amount).drifted) raise("amount", c.time, i);
    if (cases_->update("category"_f, rows_[i].category).drifted) raise("category", c.time, i);
    if (cases_->update("stopped"_f, d.verdict != mlsd::verdict::pass ? 1.0 : 0.0).drifted) raise("stopped", c.time, i);
  }
  /// Of several alarms in a day the first counts. It brings the next training forward.
  void raise(const char* monitor, mlsd::timestamp when, std::size_t at) {
    if (when < last_alarm_ + days(1)) return;
    last_alarm_ = when;
    const bool is_false = when < world_.change_time();
    outcome_.alarms.push_back({day_of(when), monitor, is_false});
    outcome_.false_alarms += is_false;
    if (!is_false && !outcome_.alarm_delay_events) outcome_.alarm_delay_events = at - first_at(world_.change_time());
    if (!training_.is_running()) next_training_ = when;
    pace_ = after_alarm;
  }

  // -- models ---------------------------------------------------------------------------------------------------------

  [[nodiscard]] mlsd::result<void> manage_models(mlsd::timestamp now) {
    if (training_.is_running() && now >= deploy_at_) {
      clock_.pause();
      auto ok = deploy(now);
      clock_.go();
      return ok;
    }
    if (training_.is_running() || now < next_training_) return {};
    clock_.pause();
    auto ok = judge(now);
    const std::span<const risk> last = recent_of(now);
    training_.start(rows_to_learn(now), {last.begin(), last.end()}, options_.training);
    deploy_at_ = now + to_deploy;
    next_training_ = now + pace_;
    pace_ = between_trainings;
    clock_.go();
    return ok;
  }
  /// The first model decides at once; later ones first run in the champion's shadow.
  [[nodiscard]] mlsd::result<void> deploy(mlsd::timestamp now) {
    auto model = training_.finish();
    if (!model) return model.error();
    if (outcome_.models.empty()) {
      outcome_.models.push_back({.day = day_of(now), .promoted = true});
      first_decided_ = rows_.size();
      std::vector<double> score;
      for (const risk& r : training_.recent()) score.push_back(model->scores(r).score);
      return promote(*model, score, now);
    }
    policy_.publish(reader_.get()->against(model->decide({}, 0)));
    trial_ = trial{std::move(*model), {}, {}, {}};
    return {};
  }
  /// Who ranked better what is known to be fraud by now? The newer model needs no more than a draw.
  [[nodiscard]] mlsd::result<void> judge(mlsd::timestamp now) {
    if (!trial_) return {};
    std::vector<double> label;
    for (const std::size_t c : trial_->charges) label.push_back(known_[c] == 1 ? 1.0 : 0.0);
    model_life life{.day = day_of(now),
                    .champion = mlsd::average_precision(trial_->champion_score, label),
                    .challenger = mlsd::average_precision(trial_->challenger_score, label)};
    life.promoted = !(life.challenger < life.champion);
    outcome_.models.push_back(life);
    const trial ended = *std::exchange(trial_, std::nullopt);
    return life.promoted ? promote(ended.challenger, ended.challenger_score, now) : mlsd::result<void>{};
  }
  /// Thresholds are set on scores that the model gave, in its shadow if it had one.
  [[nodiscard]] mlsd::result<void> promote(const trained_cascade& next, std::span<const double> scores,
                                           mlsd::timestamp now) {
    const auto reviews = static_cast<std::size_t>(options_.review_share * static_cast<double>(scores.size()));
    const fraud_cascade model = next.decide(scores, reviews);
    auto print = journal_.keep(model);
    if (!print) return print.error();
    policy_.publish(policy::of(model, *print));
    cases_ = watch_cases(model, recent_of(now));
    return {};
  }

  /// All frauds that are known, and a share of what counts as honest. Which rows these are depends on their number.
  [[nodiscard]] training_rows<risks> rows_to_learn(mlsd::timestamp now) const {
    const mlsd::random_stream random(options_.training.seed);
    training_rows<risks> learn{{}, {.negatives = kept_honest}, 0};
    double frauds = 0;
    for (std::size_t i = first_at(now - memory); i < rows_.size(); ++i) {
      const bool is_fraud = known_[i] == 1;
      if (known_[i] == unknown && stream_[i].time > now - patience) continue;
      if (!is_fraud && mlsd::random_stream::to_uniform(random.at(i)) >= kept_honest) continue;
      risk r = rows_[i];
      r.label = is_fraud ? 1.0f : 0.0f;
      learn.rows.push_back(r);
      frauds += is_fraud;
      if (is_fraud) learn.mean_fraud += static_cast<double>(r.amount);
    }
    if (frauds > 0) learn.mean_fraud /= frauds;
    return learn;
  }
  [[nodiscard]] std::span<const risk> recent_of(mlsd::timestamp now) const {
    return std::span(rows_).subspan(first_at(now - recent));
  }

  // -- the end --------------------------------------------------------------------------------------------------------

  [[nodiscard]] mlsd::result<outcome> report() {
    if (training_.is_running()) static_cast<void>(training_.finish());
    outcome_.dataset = "simulated";
    outcome_.events = stream_.size();
    outcome_.decided_by_models = stream_.size() - first_decided_;
    outcome_.busiest_window = past_.in_window(0, stream_.back().time);
    outcome_.change_day = day_of(world_.change_time());
    outcome_.asked_share = static_cast<double>(asked_) / static_cast<double>(outcome_.decided_by_models);
    outcome_.decisions_per_second = static_cast<double>(stream_.size()) / clock_.seconds();
    outcome_.p50_us = by_model_.us(0.5);
    outcome_.p99_us = by_model_.us(0.99);
    outcome_.allocations_per_decision = by_model_.allocations();
    if (auto ok = account(); !ok) return ok.error();
    outcome_.asked_frauds = static_cast<double>(asked_frauds_) / static_cast<double>(outcome_.model.frauds);
    if (auto ok = replay(); !ok) return ok.error();
    return std::move(outcome_);
  }
  [[nodiscard]] mlsd::result<void> account() {
    auto ruled = decide_by_rule();
    if (!ruled) return ruled.error();
    const auto tallies = [&](std::size_t first, std::size_t last, const std::vector<fate>& fates) {
      return tally_of(std::span(stream_).subspan(first, last - first), std::span(fates).subspan(first, last - first),
                      options_.training.prices);
    };
    outcome_.has_rule = true;
    outcome_.model = tallies(first_decided_, stream_.size(), fates_);
    outcome_.rule = tallies(first_decided_, stream_.size(), *ruled);
    outcome_.frauds = tallies(0, stream_.size(), fates_).frauds;
    for (std::size_t first = first_decided_; first < stream_.size();) {
      const std::size_t last = first_at(stream_[first].time + report_every);
      outcome_.periods.push_back({day_of(stream_[first].time), day_of(stream_[last - 1].time),
                                  tallies(first, last, fates_), tallies(first, last, *ruled)});
      first = last;
    }
    return {};
  }
  /// What the rule alone would have done, with people of its own.
  [[nodiscard]] mlsd::result<std::vector<fate>> decide_by_rule() const {
    auto people = desk::make(looks_a_day(options_, world_), world_.start);
    if (!people) return people.error();
    std::vector<fate> fates(stream_.size(), fate::passed);
    for (std::size_t i = 0; i < stream_.size(); ++i) {
      people->work_until(stream_[i].time,
                         [&](std::size_t charge, mlsd::timestamp) { fates[charge] = fate::looked_at; });
      const mlsd::decision d = rule{}.decide(rows_[i]);
      if (d.verdict == mlsd::verdict::block) fates[i] = fate::blocked;
      if (d.verdict == mlsd::verdict::review)
        people->offer(i, d.score * static_cast<double>(stream_[i].amount), stream_[i].time);
    }
    return fates;
  }
  [[nodiscard]] mlsd::result<void> replay() {
    auto anew = velocity::make(stream_.size(), 0, 0);
    if (!anew) return anew.error();
    std::size_t heard = 0;
    auto found = journal_.replay(
        stream_.size(),
        [&](std::uint64_t from, std::span<risk> out) {
          const auto first = static_cast<std::size_t>(from);
          return anew->replay(std::span(stream_).subspan(first, out.size()), out, [&](std::size_t i) {
            for (; heard < heard_.size() && heard_[heard].before <= first + i; ++heard)
              anew->hear(stream_[heard_[heard].charge], stream_[heard_[heard].before].time);
          });
        },
        [](const risk& r) { return rule{}.decide(r); });
    if (!found) return found.error();
    outcome_.replay = *found;
    return {};
  }

  [[nodiscard]] double day_of(mlsd::timestamp t) const noexcept {
    return static_cast<double>((t - world_.start).ms) / static_cast<double>(days(1).ms);
  }
  [[nodiscard]] std::size_t first_at(mlsd::timestamp t) const noexcept {
    return static_cast<std::size_t>(
        std::partition_point(stream_.begin(), stream_.end(), [&](const charge& c) { return c.time < t; }) -
        stream_.begin());
  }

  const options& options_;
  const fraud_simulator& world_;
  const std::vector<charge>& stream_;
  velocity past_;
  desk people_;
  fraud_journal journal_;
  mlsd::snapshot<policy> policy_{policy{}};
  mlsd::snapshot<policy>::reader reader_{policy_};
  training training_{};
  std::optional<trial> trial_{};
  std::optional<case_monitors> cases_{};
  quality_monitors quality_ = watch_quality();
  mlsd::timestamp next_training_, deploy_at_{}, last_alarm_{};
  mlsd::duration pace_ = between_trainings;
  std::priority_queue<late_label, std::vector<late_label>, later> labels_{};
  std::vector<risk> rows_{};
  std::vector<fate> fates_;
  std::vector<std::int8_t> known_;
  /// Before which charge a fraud became known.
  struct news {
    std::size_t before = 0, charge = 0;
  };
  std::vector<news> heard_{};
  std::size_t first_decided_ = 0, asked_ = 0, asked_frauds_ = 0;
  processor_time clock_{};
  stopwatch by_rule_{}, by_model_{};
  outcome outcome_{};
};

}  // namespace

mlsd::result<outcome> run_simulated(const options& o) {
  const fraud_simulator world{.seed = o.seed, .events = o.events};
  const std::vector<charge> stream = world.simulate();
  auto past = velocity::make(o.events * 6 / 10, world.cards(), world.merchants());
  if (!past) return past.error();
  const std::size_t looks = looks_a_day(o, world);
  auto people = desk::make(looks, world.start);
  if (!people) return people.error();
  auto log = fraud_journal::open(o.scratch);
  if (!log) return log.error();
  auto found = gatekeeper(o, world, stream, std::move(*past), std::move(*people), std::move(*log)).run();
  if (found) found->reviews_a_day = looks;
  return found;
}

}  // namespace fraud
