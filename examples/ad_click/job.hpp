/// The job itself, the same for every table: features, two models, calibration, metrics, drift, one file, one row
/// online. A dataset says how its table is read and split, and what its features are.
#pragma once

#include "ad_click/outcome.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/data/sample.hpp"
#include "mlsd/drift/ks.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/features/scoring_pipeline.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/calibration.hpp"
#include "mlsd/metrics/delong.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/ftrl.hpp"
#include "mlsd/training/gbdt.hpp"
#include "progress.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Counted by the operators new of ad_click.cpp.
[[nodiscard]] std::uint64_t allocations() noexcept;

/// What a column or the scores looked like in training; kept in the model's file to compare the present with.
struct reference {
  std::string name{};
  mlsd::psi_reference psi{};
  mlsd::ks_reference ks{};

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("name", self.name);
    ar("psi", self.psi);
    ar("ks", self.ks);
  }
};

/// All that serving needs, in one file: features, model, calibration, and the references for drift.
template <class Scores>
struct ad_model {
  Scores click{};
  std::vector<reference> references{};

  static constexpr std::string_view type_name = "ad model";
  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    ar("click", self.click);
    ar("references", self.references);
  }
};

template <class Dataset>
class ad_job {
 public:
  using table = typename Dataset::table;

  ad_job(job_options options, mlsd::threads& pool) : options_(std::move(options)), pool_(pool) {}

  /// `truth` is the true probability of each row where it is known, else empty.
  [[nodiscard]] mlsd::result<outcome> run(table rows, std::span<const double> truth) {
    outcome_.dataset = Dataset::name;
    outcome_.rows = rows.size();
    if (auto ok = Dataset::prepare(rows); !ok) return ok.error();
    auto parts = Dataset::split(rows);
    if (!parts) return parts.error();
    auto& [train, calibration, test] = *parts;
    outcome_.train_rows = train.size();
    outcome_.calibration_rows = calibration.size();
    outcome_.test_rows = test.size();
    if (!truth.empty()) truth = truth.last(test.size());

    auto gbdt = fit_gbdt(train, calibration, test, 1);
    if (!gbdt) return gbdt.error();
    evaluate("gbdt", *gbdt, test, truth);
    auto ftrl = fit_ftrl(train, calibration);
    if (!ftrl) return ftrl.error();
    evaluate("ftrl", *ftrl, test, truth);
    if (auto ok = vary_seeds(train, calibration, test); !ok) return ok.error();

    ad_model<std::remove_cvref_t<decltype(*gbdt)>> model{std::move(*gbdt), {}};
    measure_drift(model, train, test);
    if (auto ok = prove_same_bits(model, test); !ok) return ok.error();
    measure_online(model.click, test);
    return std::move(outcome_);
  }

 private:
  /// Down-sampled, boosted, shifted back to the whole population, calibrated.
  [[nodiscard]] auto fit_gbdt(const table& train, const table& calibration, const table& test, std::uint64_t seed) {
    const auto fit = [&]() {
      auto fitted = Dataset::tree_features(seed).fit(train, pool_);
      using model_type = mlsd::calibrated<mlsd::calibrated<mlsd::gbdt_model, mlsd::margin_shift>, mlsd::isotonic_map>;
      using features_type = std::remove_cvref_t<decltype(fitted->features)>;
      using returned = mlsd::result<mlsd::scoring_pipeline<features_type, model_type>>;
      if (!fitted) return returned(fitted.error());
      auto sample = mlsd::downsample{.keep = {.negatives = Dataset::keep_negatives}, .seed = seed}(fitted->x.label());
      if (!sample) return returned(sample.error());
      const mlsd::training_matrix kept = mlsd::gather(fitted->x, sample->rows);

      progress bar("boosting", options_.trees);
      auto model = mlsd::gbdt_trainer{.trees = options_.trees, .leaves = 31, .learning_rate = 0.05f, .seed = seed}
                       .template fit<mlsd::logistic>(kept, mlsd::early_stopping{}, [&](const mlsd::gbdt_iteration& i) {
                         bar.update(i.trees);
                         return true;
                       }, pool_);
      if (!model) return returned(model.error());
      raw_auc_ = auc_of(*model, fitted->features, test);
      auto shifted = mlsd::recalibrate(std::move(*model), sample->rates);
      if (!shifted) return returned(shifted.error());
      auto calibrated =
          mlsd::calibrate<mlsd::isotonic>(std::move(*shifted), fitted->features.labelled(calibration, pool_));
      if (!calibrated) return returned(calibrated.error());
      return mlsd::compose(std::move(fitted->features), std::move(*calibrated));
    };
    return fit();
  }

  [[nodiscard]] auto fit_ftrl(const table& train, const table& calibration) {
    auto fitted = Dataset::linear_features(1).fit(train, pool_);
    using model_type = mlsd::calibrated<mlsd::linear_model, mlsd::isotonic_map>;
    using features_type = std::remove_cvref_t<decltype(fitted->features)>;
    using returned = mlsd::result<mlsd::scoring_pipeline<features_type, model_type>>;
    if (!fitted) return returned(fitted.error());
    auto model = mlsd::ftrl_trainer{.alpha = 0.1f, .l1 = 0.1f}.template fit<mlsd::logistic>(fitted->x);
    if (!model) return returned(model.error());
    auto calibrated =
        mlsd::calibrate<mlsd::isotonic>(std::move(*model), fitted->features.labelled(calibration, pool_));
    if (!calibrated) return returned(calibrated.error());
    return mlsd::compose(std::move(fitted->features), std::move(*calibrated));
  }

  template <class Model, class Features>
  [[nodiscard]] double auc_of(const Model& model, const Features& features, const table& test) {
    const mlsd::labelled_matrix rows = features.labelled(test, pool_);
    std::vector<double> margin(rows.rows());
    model.raw(rows.x.columns(), std::span<double>(margin), pool_);
    return mlsd::auc(margin, std::vector<double>(rows.label.begin(), rows.label.end()),
                     std::vector<double>(rows.weight.begin(), rows.weight.end()));
  }

  /// The same training with other seeds: how much of the AUC is luck?
  [[nodiscard]] mlsd::result<void> vary_seeds(const table& train, const table& calibration, const table& test) {
    model_outcome& gbdt = outcome_.models[0];
    std::vector<double> all{gbdt.auc.value};
    for (std::uint64_t seed = 2; seed <= options_.seeds; ++seed) {
      auto model = fit_gbdt(train, calibration, test, seed);
      if (!model) return model.error();
      all.push_back(raw_auc_);
    }
    gbdt.auc_seeds = summary_of(all);
    outcome_.models[1].auc_seeds = summary_of(std::vector<double>{outcome_.models[1].auc.value});
    return {};
  }

  /// AUC of the margins before calibration, whose steps make ties; all else of the calibrated probabilities.
  template <class Scores>
  void evaluate(std::string name, const Scores& scores, const table& test, std::span<const double> truth) {
    const mlsd::labelled_matrix rows = scores.features().labelled(test, pool_);
    std::vector<double> margin(rows.rows()), p(rows.rows());
    scores.scorer().model().raw(rows.x.columns(), std::span<double>(margin), pool_);
    scores.scorer()(rows.x.columns(), std::span<double>(p), pool_);
    const std::vector<double> label(rows.label.begin(), rows.label.end());
    const std::vector<double> weight(rows.weight.begin(), rows.weight.end());

    model_outcome m;
    m.name = std::move(name);
    m.auc = mlsd::delong(margin, label, weight);
    mlsd::log_loss loss;
    auto diagram = mlsd::reliability::equal_mass(
        10, std::vector<float>(p.begin(), p.end()), std::span<const float>(rows.weight));
    mlsd::probability_error from_truth;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double w = rows.weight_of(i);
      loss.update(p[i], label[i], w);
      diagram.update(p[i], label[i], w);
      if (!truth.empty()) from_truth.update(p[i], truth[i], w);
    }
    m.log_loss = loss.with_interval();
    m.normalized_entropy = loss.normalized_entropy_with_interval();
    m.calibration = mlsd::calibration(diagram);
    m.bins.assign(diagram.value().begin(), diagram.value().end());
    m.scores = std::move(p);
    m.labels = label;
    if (!truth.empty()) {
      m.truth = from_truth.with_interval();
      m.truth_bias = from_truth.bias();
      m.oracle_auc = mlsd::auc(truth, label, weight);
    }
    outcome_.models.push_back(std::move(m));
  }

  /// Compares each feature and the score of the test rows with the training rows; keeps the references.
  template <class Model>
  void measure_drift(Model& model, const table& train, const table& test) {
    const auto& features = model.click.features();
    const mlsd::labelled_matrix before = features.labelled(train, pool_), after = features.labelled(test, pool_);
    const std::size_t numbers = before.x.number_columns();
    const auto add = [&](std::string name, const mlsd::psi_reference& psi_before, const mlsd::ks_reference& ks_before,
                         const auto& column) {
      drift_line line{name, {}, {}, {}, {}};
      mlsd::psi psi(psi_before);
      mlsd::ks ks(ks_before);
      for (std::size_t i = 0; i < column.size(); ++i) {
        psi.update(column[i], after.weight_of(i));
        if constexpr (std::floating_point<std::remove_cvref_t<decltype(column[i])>>)
          ks.update(column[i], after.weight_of(i));
      }
      line.psi = psi.value();
      line.ks = ks.value();
      line.before.assign(psi_before.weight().begin(), psi_before.weight().end());
      line.after.assign(psi.weight().begin(), psi.weight().end());
      outcome_.drift.push_back(std::move(line));
      model.references.push_back({std::move(name), psi_before, ks_before});
    };
    const std::span<const float> weight = before.weight;
    for (std::size_t j = 0; j < numbers; ++j)
      add(before.x.info()[j].name, mlsd::psi_reference::from(before.x.number(j), weight, {}),
          mlsd::ks_reference::from(before.x.number(j), weight), after.x.number(j));
    for (std::size_t j = 0; j < before.x.code_columns(); ++j)
      add(before.x.info()[numbers + j].name, mlsd::psi_reference::from(before.x.code(j), weight, {}), {},
          after.x.code(j));
    std::vector<double> p(before.rows());
    model.click.scorer()(before.x.columns(), std::span<double>(p), pool_);
    const std::vector<float> score(p.begin(), p.end());
    const std::vector<float> now(outcome_.models[0].scores.begin(), outcome_.models[0].scores.end());
    add("score", mlsd::psi_reference::from(score, weight, {}), mlsd::ks_reference::from(score, weight), now);
  }

  /// Saves the model, loads it, and compares every test score: row by row, as a batch, and from the file.
  template <class Model>
  [[nodiscard]] mlsd::result<void> prove_same_bits(const Model& model, const table& test) {
    if (auto ok = mlsd::save(options_.model, model); !ok) return ok;
    const auto loaded = mlsd::load<Model>(options_.model);
    if (!options_.keep_model) std::remove(options_.model.c_str());
    if (!loaded) return loaded.error();
    const std::vector<double> batch = model.click(test, pool_), from_file = loaded->click(test);
    const auto same = [](double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); };
    for (std::size_t i = 0; i < test.size(); ++i) {
      const auto row = test.row(i);
      outcome_.different += !same(model.click(row), batch[i]);
      outcome_.different += !same(loaded->click(row), batch[i]);
      outcome_.different += !same(from_file[i], batch[i]);
      outcome_.compared += 3;
    }
    return {};
  }

  /// One record at a time, each timed; the clock costs some 20 ns of what is shown.
  template <class Scores>
  void measure_online(const Scores& scores, const table& test) {
    using clock = std::chrono::steady_clock;
    const std::size_t requests = (std::min)(test.size(), std::size_t{20'000});
    std::vector<typename table::record_type> records;
    for (std::size_t i = 0; i < requests; ++i) records.push_back(test.row(i));
    std::vector<double> us(requests);
    double sum = 0;
    for (const auto& r : records) sum += scores(r);  // warm
    const std::uint64_t before = allocations();
    for (std::size_t i = 0; i < requests; ++i) {
      const auto start = clock::now();
      sum += scores(records[i]);
      us[i] = std::chrono::duration<double, std::micro>(clock::now() - start).count();
    }
    outcome_.online.allocations = allocations() - before;
    outcome_.online.mean_score = sum / (2 * static_cast<double>(requests));
    std::sort(us.begin(), us.end());
    outcome_.online.p50_us = us[requests / 2];
    outcome_.online.p99_us = us[requests * 99 / 100];
  }

  job_options options_;
  mlsd::threads& pool_;
  outcome outcome_{};
  double raw_auc_ = 0;
};
