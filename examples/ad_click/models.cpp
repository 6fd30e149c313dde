#include "ad_click/models.hpp"

#include "mlsd/data/sample.hpp"
#include "mlsd/drift/ks.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "mlsd/training/calibrate.hpp"
#include "mlsd/training/ftrl.hpp"
#include "mlsd/training/gbdt.hpp"
#include "progress.hpp"

#include <concepts>
#include <type_traits>
#include <utility>

mlsd::result<tree_model> train_trees(const mlsd::training_matrix& rows, const mlsd::labelled_matrix& calibration,
                                     const tree_settings& settings, mlsd::threads& pool) {
  auto sample = mlsd::downsample{.keep = {.negatives = settings.keep_negatives}, .seed = settings.seed}(rows.label());
  if (!sample) return sample.error();
  progress bar("boosting", settings.trees);
  const mlsd::gbdt_trainer trainer{
      .trees = settings.trees, .leaves = 31, .learning_rate = 0.05f, .seed = settings.seed};
  auto model = trainer.fit<mlsd::logistic>(
      mlsd::gather(rows, sample->rows), mlsd::early_stopping{},
      [&](const mlsd::gbdt_iteration& i) {
        bar.update(i.trees);
        return true;
      },
      pool);
  if (!model) return model.error();
  auto shifted = mlsd::recalibrate(std::move(*model), sample->rates);
  if (!shifted) return shifted.error();
  return mlsd::calibrate<mlsd::isotonic>(std::move(*shifted), calibration);
}

mlsd::result<line_model> train_line(const mlsd::training_matrix& rows, const mlsd::labelled_matrix& calibration) {
  auto model = mlsd::ftrl_trainer{.alpha = 0.1f, .l1 = 0.1f}.fit<mlsd::logistic>(rows);
  if (!model) return model.error();
  return mlsd::calibrate<mlsd::isotonic>(std::move(*model), calibration);
}

namespace {

struct doubles {
  std::vector<double> margin, label, weight;
};
template <class Model>
[[nodiscard]] doubles margins(const Model& model, const mlsd::labelled_matrix& rows, mlsd::threads& pool) {
  doubles d{std::vector<double>(rows.rows()), {rows.label.begin(), rows.label.end()},
            {rows.weight.begin(), rows.weight.end()}};
  model.model().raw(rows.x.columns(), std::span<double>(d.margin), pool);
  return d;
}
template <class Model>
[[nodiscard]] std::vector<float> scores(const Model& model, const mlsd::labelled_matrix& rows, mlsd::threads& pool) {
  std::vector<double> p(rows.rows());
  model(rows.x.columns(), std::span<double>(p), pool);
  return {p.begin(), p.end()};
}

}  // namespace

double raw_auc(const tree_model& model, const mlsd::labelled_matrix& rows, mlsd::threads& pool) {
  const doubles d = margins(model, rows, pool);
  return mlsd::auc(d.margin, d.label, d.weight);
}

template <class Model>
model_outcome evaluate(std::string name, const Model& model, const mlsd::labelled_matrix& rows,
                       std::span<const double> truth, mlsd::threads& pool) {
  const doubles d = margins(model, rows, pool);
  model_outcome m;
  m.name = std::move(name);
  m.auc = mlsd::delong(d.margin, d.label, d.weight);
  m.labels = d.label;
  m.scores.resize(rows.rows());
  model(rows.x.columns(), std::span<double>(m.scores), pool);

  mlsd::log_loss loss;
  auto diagram = mlsd::reliability::equal_mass(10, scores(model, rows, pool), std::span<const float>(rows.weight));
  mlsd::probability_error from_truth;
  for (std::size_t i = 0; i < m.scores.size(); ++i) {
    const auto w = static_cast<double>(rows.weight_of(i));
    loss.update(m.scores[i], d.label[i], w);
    diagram.update(m.scores[i], d.label[i], w);
    if (!truth.empty()) from_truth.update(m.scores[i], truth[i], w);
  }
  m.log_loss = loss.with_interval();
  m.normalized_entropy = loss.normalized_entropy_with_interval();
  m.calibration = mlsd::calibration(diagram);
  m.bins.assign(diagram.value().begin(), diagram.value().end());
  if (!truth.empty()) {
    m.truth = from_truth.with_interval();
    m.truth_bias = from_truth.bias();
    m.oracle_auc = mlsd::auc(truth, d.label, d.weight);
  }
  return m;
}
template model_outcome evaluate(std::string, const tree_model&, const mlsd::labelled_matrix&, std::span<const double>,
                                mlsd::threads&);
template model_outcome evaluate(std::string, const line_model&, const mlsd::labelled_matrix&, std::span<const double>,
                                mlsd::threads&);

drift_found measure_drift(const tree_model& model, const mlsd::labelled_matrix& before,
                          const mlsd::labelled_matrix& after, mlsd::threads& pool) {
  drift_found found;
  const auto add = [&]<class T>(std::string name, std::span<const T> old_values, std::span<const T> new_values) {
    constexpr bool number = std::floating_point<T>;
    reference r{std::move(name), mlsd::psi_reference::from(old_values, before.weight, {}), {}};
    if constexpr (number) r.ks = mlsd::ks_reference::from(old_values, before.weight);
    mlsd::psi psi(r.psi);
    mlsd::ks ks(r.ks);
    for (std::size_t i = 0; i < new_values.size(); ++i) {
      psi.update(new_values[i], static_cast<double>(after.weight_of(i)));
      if constexpr (number)
        ks.update(static_cast<double>(new_values[i]), static_cast<double>(after.weight_of(i)));
    }
    found.lines.push_back(mlsd::report::drift_of(r.name, psi, ks.value()));
    found.references.push_back(std::move(r));
  };
  const std::size_t numbers = before.x.number_columns();
  for (std::size_t j = 0; j < numbers; ++j) add(before.x.info()[j].name, before.x.number(j), after.x.number(j));
  for (std::size_t j = 0; j < before.x.code_columns(); ++j)
    add(before.x.info()[numbers + j].name, before.x.code(j), after.x.code(j));
  const std::vector<float> then = scores(model, before, pool), now = scores(model, after, pool);
  add("score", std::span<const float>(then), std::span<const float>(now));
  return found;
}
