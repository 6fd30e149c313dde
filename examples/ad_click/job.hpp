/// The job itself, the same for every table: features, two models, calibration, metrics, drift, one file, one row
/// online. A dataset says how its table is read and split, and what its features are.
#pragma once

#include "ad_click/models.hpp"
#include "ad_click/outcome.hpp"
#include "allocations.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/core/threads.hpp"
#include "mlsd/features/scoring_pipeline.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
template <class Scores>
ad_model(Scores, std::vector<reference>) -> ad_model<Scores>;

template <class Dataset>
class ad_job {
 public:
  using table = typename Dataset::table;

  explicit ad_job(job_options options) : options_(std::move(options)) {}

  /// `truth` is the true probability of each row where it is known, else empty.
  [[nodiscard]] mlsd::result<outcome> run(table rows, std::span<const double> truth = {}) {
    outcome_.dataset = Dataset::name;
    outcome_.rows = rows.size();
    outcome_.has_truth = !truth.empty();
    if (auto ok = Dataset::prepare(rows); !ok) return ok.error();
    auto parts = Dataset::split(rows);
    if (!parts) return parts.error();
    auto& [train, calibration, test] = *parts;
    outcome_.train_rows = train.size();
    outcome_.calibration_rows = calibration.size();
    outcome_.test_rows = test.size();
    if (!truth.empty()) truth = truth.last(test.size());

    auto line = Dataset::linear_features(1).fit(train, pool_);
    if (!line) return line.error();
    auto ftrl = train_line(line->x, line->features.labelled(calibration, pool_));
    if (!ftrl) return ftrl.error();

    std::vector<double> aucs;
    for (std::uint64_t seed = options_.seeds; seed > 1; --seed)
      if (auto ok = run_seed(seed, train, calibration, test, aucs); !ok) return ok.error();
    auto trees = Dataset::tree_features(1).fit(train, pool_);
    if (!trees) return trees.error();
    auto gbdt = train_trees(trees->x, trees->features.labelled(calibration, pool_), settings(1), pool_);
    if (!gbdt) return gbdt.error();
    const mlsd::labelled_matrix tested = trees->features.labelled(test, pool_);
    outcome_.models.push_back(evaluate("gbdt", *gbdt, tested, truth, pool_));
    outcome_.models.push_back(evaluate("ftrl", *ftrl, line->features.labelled(test, pool_), truth, pool_));
    aucs.push_back(outcome_.models[0].auc.value);
    outcome_.models[0].auc_seeds = summary_of(aucs);
    outcome_.models[1].auc_seeds = summary_of({outcome_.models[1].auc.value});

    drift_found drift = measure_drift(*gbdt, trees->features.labelled(train, pool_), tested, pool_);
    outcome_.drift = std::move(drift.lines);
    ad_model model{std::move(trees->features) | std::move(*gbdt), std::move(drift.references)};
    if (auto ok = prove_same_bits(model, test); !ok) return ok.error();
    measure_online(model.click, test);
    return std::move(outcome_);
  }

 private:
  [[nodiscard]] tree_settings settings(std::uint64_t seed) const {
    return {options_.trees, Dataset::keep_negatives, seed};
  }

  /// The same training with another seed: how much of the AUC is luck?
  [[nodiscard]] mlsd::result<void> run_seed(std::uint64_t seed, const table& train, const table& calibration,
                                            const table& test, std::vector<double>& aucs) {
    auto fitted = Dataset::tree_features(seed).fit(train, pool_);
    if (!fitted) return fitted.error();
    auto model = train_trees(fitted->x, fitted->features.labelled(calibration, pool_), settings(seed), pool_);
    if (!model) return model.error();
    aucs.push_back(raw_auc(*model, fitted->features.labelled(test, pool_), pool_));
    return {};
  }

  /// Saves the model, loads it, and compares every test score: row by row, as a batch, and from the file.
  template <class Model>
  [[nodiscard]] mlsd::result<void> prove_same_bits(const Model& model, const table& test) {
    if (auto ok = mlsd::save(options_.model, model); !ok) return ok;
    const auto loaded = mlsd::load<Model>(options_.model);
    if (!options_.keep_model) std::remove(options_.model.c_str());
    if (!loaded) return loaded.error();
    const std::vector<double> batch = model.click(test, pool_), from_file = loaded->click(test);
    const auto differ = [](double a, double b) {
      return std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b);
    };
    for (std::size_t i = 0; i < test.size(); ++i) {
      const auto row = test.row(i);
      outcome_.different += differ(model.click(row), batch[i]);
      outcome_.different += differ(loaded->click(row), batch[i]);
      outcome_.different += differ(from_file[i], batch[i]);
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
    double sum = 0;
    for (const auto& r : records) sum += scores(r);  // warm
    const std::uint64_t before = allocations();
    for (std::size_t i = 0; i < requests; ++i) {
      const auto start = clock::now();
      sum += scores(records[i]);
      const std::chrono::nanoseconds took = clock::now() - start;
      outcome_.online.times.update(static_cast<std::uint64_t>(took.count()));
    }
    outcome_.online.allocations = allocations() - before;
    outcome_.online.mean_score = sum / (2 * static_cast<double>(requests));
    outcome_.online.p50_us = outcome_.online.times.quantile(0.50) / 1000;
    outcome_.online.p99_us = outcome_.online.times.quantile(0.99) / 1000;
  }

  job_options options_;
  mlsd::threads pool_{};
  outcome outcome_{};
};
