#pragma once

#include "mlsd/features/fit.hpp"
#include "mlsd/features/pipeline.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {

template <class = void> [[nodiscard]] error in_feature(error e, std::string_view name) {
  e.message = "feature '" + std::string(name) + "': " + e.message;
  return e;
}

/// Fits one configuration on one column and writes what its kernel makes of the training rows: out-of-fold values
/// where it learns from labels. One instantiation serves every feature of a type.
template <class C, class T, class Out, executor Ex>
[[nodiscard]] result<void> fit_column(const C& config, column_reader<T> in, Out* out, const labelled_matrix& outcome,
                                      std::size_t n, fitted_t<C>& kernel, Ex& ex) {
  constexpr reading how = reading_of_each<fitted_t<C>, T>();
  const auto value = [&](std::size_t i) { return read_as<how>(in[i]); };
  const fit_rows rows{outcome.label, outcome.weight};
  if constexpr (supervised<C>) {
    const std::uint32_t folds = folds_of(config);
    if (folds < 2 || folds > 255)
      return error{errc::invalid_argument, "folds must be 2 to 255, not " + std::to_string(folds)};
    const auto fold = assign_folds(n, folds, seed_of(config), outcome.label, outcome.group);
    if (std::all_of(fold.begin(), fold.end(), [&](std::uint8_t f) { return f == fold[0]; }))
      return error{errc::invalid_argument, "cross-fitting needs two rows of two groups: all rows are in one fold"};
    auto crossed = cross_fit(config, value, rows, fold, folds, ex);
    if (!crossed) return crossed.error();
    for (std::size_t i = 0; i < n; ++i) out[i] = call_kernel<how>(crossed->without[fold[i]], in[i]);
    kernel = std::move(crossed->whole);
  } else {
    auto fitted = fit_one(config, n, value, rows, ex);
    if (!fitted) return fitted.error();
    kernel = std::move(*fitted);
    run_column<how>(kernel, n, out, in);
  }
  return {};
}

/// The same for slots of these types; an error names the feature.
template <class T, class Out, class C, executor Ex>
[[nodiscard]] result<void> fit_slot(const C& config, std::size_t in, std::size_t out, const fit_state& state,
                                    fitted_t<C>& kernel, Ex& ex) {
  const column_slots columns = state.columns();
  auto status =
      fit_column(config, columns.reader<T>(in), columns.writer<Out>(out), state.outcome, state.rows, kernel, ex);
  if (!status) status = in_feature(status.error(), state.names[out]);
  return status;
}

/// One configuration, to be fitted for each of several names.
template <class C, class Wiring> struct each_plan;
template <class C, std::size_t... In, class... Read, std::size_t First, class... T, class New>
struct each_plan<C, wiring<slots<In...>, types<Read...>, First, types<T...>, New>> {
  using wiring_type = wiring<slots<In...>, types<Read...>, First, types<T...>, New>;
  using fitted = each_stage<fitted_t<C>, wiring_type>;
  C config{};

  template <executor Ex> [[nodiscard]] result<void> fit(const fit_state& state, fitted& stage, Ex& ex) const {
    std::size_t i = 0;
    result<void> status;
    const auto may_go_on = [&](result<void> fitted_one) {
      status = std::move(fitted_one);
      ++i;
      return status.has_value();
    };
    static_cast<void>((may_go_on(fit_slot<Read, T>(config, In, First + i, state, stage.kernels[i], ex)) && ...));
    return status;
  }
};

/// One kernel over several values; nothing to learn.
template <class K, class Wiring> struct joint_plan;
template <class K, std::size_t... In, class... Read, std::size_t First, class T, class New>
struct joint_plan<K, wiring<slots<In...>, types<Read...>, First, types<T>, New>> {
  using wiring_type = wiring<slots<In...>, types<Read...>, First, types<T>, New>;
  using fitted = joint_stage<K, wiring_type>;
  K kernel{};

  template <executor Ex> [[nodiscard]] result<void> fit(const fit_state& state, fitted& stage, Ex&) const {
    std::construct_at(&stage.only, kernel);
    const column_slots columns = state.columns();
    run_column<reading_of_derived<K, Read...>()>(kernel, state.rows, columns.writer<T>(First),
                                                 columns.reader<Read>(In)...);
    return {};
  }
};

/// What a fit needs of labels and weights.
template <class = void> [[nodiscard]] result<void> check_outcome(const labelled_matrix& outcome, std::size_t rows) {
  if (rows == 0) return error{errc::empty, "no rows to fit the features on"};
  const auto row = [](std::size_t i) { return "row " + std::to_string(i) + ": "; };
  for (std::size_t i = 0; i < outcome.label.size(); ++i)
    if (!std::isfinite(outcome.label[i])) return error{errc::not_finite, row(i) + "the label is not finite"};
  for (std::size_t i = 0; i < outcome.weight.size(); ++i)
    if (!(std::isfinite(outcome.weight[i]) && outcome.weight[i] >= 0))
      return error{errc::not_finite, row(i) + "the weight is negative or not finite"};
  return {};
}

template <class Wiring> struct silent_plan {
  using wiring_type = Wiring;
  using fitted = silent_stage<Wiring>;

  template <executor Ex> [[nodiscard]] result<void> fit(const fit_state&, fitted&, Ex&) const { return {}; }
};

}  // namespace detail

/// What a fit returns: the fitted pipeline, and the only rows that a trainer takes.
/// `auto [features, x] = spec.fit(train).value();`
template <class Pipeline> struct fitted {
  Pipeline features;
  training_matrix x;
};

/// Where a pipeline starts: the fields of a schema. `mlsd::from<impressions>() | ...`
template <const auto& Schema> class source_spec {
 public:
  using table_type = frame<Schema>;
  using environment = detail::input_environment<Schema>;
  template <class... Stages> using pipeline_with = pipeline<Schema, Stages...>;
  static constexpr const auto& schema = Schema;
  static constexpr std::size_t stages = 0;

  template <executor Ex> [[nodiscard]] static result<void> fit_stages(const detail::fit_state&, Ex&) { return {}; }
};

/// A pipeline before it is fitted. It has no call operator: applying it does not compile.
template <class Before, class Plan> struct pipeline_spec {
  using table_type = typename Before::table_type;
  using environment = detail::next_environment<typename Before::environment, typename Plan::wiring_type>;
  template <class... More>
  using pipeline_with = typename Before::template pipeline_with<typename Plan::fitted, More...>;
  using pipeline_type = pipeline_with<>;
  static constexpr const auto& schema = Before::schema;
  static constexpr std::size_t stages = Before::stages + 1;

  Before before;
  Plan plan;

  /// Learns every stage, in order, each on what the stages before it made of the training rows.
  /// Encoders that see labels are cross-fitted: the training matrix gets out-of-fold values from them, and so do the
  /// stages behind them. Weights and groups of the schema are used. Bits do not depend on the executor.
  /// O(rows * stages) time and memory. Errors: no rows; labels or weights that are not finite; what a stage refuses,
  /// with the name of the feature.
  /// Returns `result<fitted<pipeline_type>>`.
  template <executor Ex = sequential> [[nodiscard]] auto fit(const table_type& train, Ex&& ex = {}) const {
    using returned = result<fitted<pipeline_type>>;
    typename pipeline_type::stage_pack all{};
    detail::fit_state state = pipeline_type::start_fit(train, all);
    if (auto ok = detail::check_outcome(state.outcome, state.rows); !ok) return returned(ok.error());
    if (auto ok = fit_stages(state, ex); !ok) return returned(ok.error());
    pipeline_type features(std::move(all));
    feature_matrix x = feature_matrix::unfilled(features.info(), train.size());
    pipeline_type::emit_columns(state, x);
    state.outcome.x = std::move(x);
    return returned(fitted<pipeline_type>{std::move(features), training_matrix::out_of_fold(std::move(state.outcome))});
  }

  template <executor Ex> [[nodiscard]] result<void> fit_stages(const detail::fit_state& state, Ex& ex) const {
    auto ok = before.fit_stages(state, ex);
    if (!ok) return ok;
    return plan.fit(state, *static_cast<typename Plan::fitted*>(state.stages[stages - 1]), ex);
  }
};

/// Starts a pipeline at a schema, which must have static storage: `mlsd::from<impressions>()`.
template <const auto& Schema> [[nodiscard]] constexpr source_spec<Schema> from() noexcept { return {}; }

}  // namespace mlsd
