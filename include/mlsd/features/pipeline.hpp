#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/pack.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features/category_index.hpp"
#include "mlsd/features/diagnostics.hpp"
#include "mlsd/features/fit_state.hpp"
#include "mlsd/features/stage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {
/// Where the values of a pipeline come out: for each slot its first column among the numbers or the codes.
template <std::size_t Slots>
struct output_plan {
  static constexpr std::size_t none = ~std::size_t{0};
  std::array<std::size_t, Slots> number{}, code{}, width{};
  std::size_t numbers = 0, codes = 0;
};
template <class Environment, std::size_t Inputs, std::size_t... K>
[[nodiscard]] consteval auto plan_outputs(std::index_sequence<K...>) {
  constexpr std::size_t width[] = {numbers_in<slot_type_t<Environment, K>>...};
  constexpr bool is_code[] = {std::is_same_v<slot_type_t<Environment, K>, mlsd::code>...};
  output_plan<sizeof...(K)> plan;
  for (std::size_t k = 0; k < sizeof...(K); ++k) {
    plan.number[k] = plan.code[k] = plan.none;
    plan.width[k] = width[k];
    if (k < Inputs || is_hidden_slot(Environment::node, k) || newest_slot(Environment::node, k) != k) continue;
    if (is_code[k]) plan.code[k] = plan.codes++;
    if (width[k] == 0) continue;
    plan.number[k] = plan.numbers;
    plan.numbers += width[k];
  }
  return plan;
}

template <const auto& A, const auto& B>
inline constexpr bool is_same_object = [] {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>) return &A == &B;
  else return false;
}();

/// Label, weight and group of the rows, as far as the schema has them. A missing label is NaN. Groups are numbered in
/// the order of their first rows; a missing group is one group.
template <const auto& Schema>
void fill_outcomes(const frame<Schema>& table, labelled_matrix& out) {
  const auto column = [&]<role Role, class Out>(std::vector<Out>& to) {
    constexpr std::size_t k = schema_of<Schema>::index_of(Role);
    if constexpr (k < schema_of<Schema>::size) {
      to.resize(table.size());
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = static_cast<Out>(as_kernel_value<false>(table.template value<k>(i)));
    }
  };
  column.template operator()<role::label>(out.label);
  column.template operator()<role::weight>(out.weight);
  constexpr std::size_t g = schema_of<Schema>::index_of(role::group);
  if constexpr (g < schema_of<Schema>::size) {
    category_index groups;
    out.group.resize(table.size());
    for (std::size_t i = 0; i < table.size(); ++i)
      out.group[i] = groups.insert(as_kernel_value<true>(table.template value<g>(i)));
  }
}
}  // namespace detail

/// One row as it comes out of a pipeline: `row["age"_f]`, or all of it as a `mixed_row`.
template <class Pipeline>
struct feature_row {
  std::array<float, Pipeline::number_columns> numbers{};
  std::array<std::uint32_t, Pipeline::code_columns> codes{};

  [[nodiscard]] constexpr operator mixed_row() const noexcept { return {numbers, codes}; }

  /// A number, a `code`, or a block of numbers.
  template <fixed_string Name>
  [[nodiscard]] constexpr auto operator[](feature<Name>) const noexcept {
    return Pipeline::template pick<Name>(*this);
  }
};

/// A fitted pipeline: one definition for one row (online) and for tables (offline), with the same bits.
///
/// Made by `spec.fit(train)` or read from a file. What stages wrote comes out, the newest value of each name, in the
/// order of the stages: numbers (float, NaN is missing) and codes. Fields that no stage touched do not come out.
/// One row: noexcept, no allocation. Tables: O(rows * stages), strips of 16,384 rows; allocates the result and one
/// scratch strip a chunk. Const calls are thread-safe.
template <const auto& Schema, class... Stages>
class pipeline {
 public:
  /// The names and types of all values; for those who extend pipelines.
  using environment =
      typename detail::environment_after<detail::input_environment<Schema>, typename Stages::wiring_type...>::type;

 private:
  static constexpr std::size_t inputs = schema_of<Schema>::size;
  static constexpr auto plan =
      detail::plan_outputs<environment, inputs>(std::make_index_sequence<environment::count>{});
  template <std::size_t K>
  using slot_t = detail::slot_type_t<environment, K>;

 public:
  using schema_type = schema_of<Schema>;
  using record_type = typename schema_type::record_type;
  using table_type = frame<Schema>;
  static constexpr std::size_t number_columns = plan.numbers, code_columns = plan.codes;
  using row_type = feature_row<pipeline>;
  static constexpr const auto& schema = Schema;

  using stage_pack = pack<Stages...>;

  pipeline() = default;
  explicit pipeline(stage_pack fitted) : stages_(std::move(fitted)) {}

  /// Online: one record.
  MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] row_type operator()(const record_type& record) const noexcept {
    return run_row<Schema>(record);
  }
  /// Online: a record of another struct, which has the fields that are read; it needs no label.
  /// `features.read<requests>(request)`.
  template <const auto& Source>
  MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] row_type read(
      const typename schema_of<Source>::record_type& record) const noexcept {
    return run_row<Source>(record);
  }

  /// Offline: all rows of a table.
  template <executor Ex = sequential>
  [[nodiscard]] feature_matrix operator()(const table_type& table, Ex&& ex = {}) const {
    feature_matrix out(info(), table.size());
    for_each_chunk(ex, table.size(), detail::strip_rows,
                   [&](std::size_t first, std::size_t last) { run(table, first, last - first, out, first); });
    return out;
  }
  /// Offline: rows [first, first + count) of a table.
  [[nodiscard]] feature_matrix rows(const table_type& table, std::size_t first, std::size_t count) const {
    feature_matrix out(info(), count);
    run(table, first, count, out, 0);
    return out;
  }
  /// Offline, with label, weight and group: for evaluation and calibration. Not training rows: a trainer takes what
  /// `fit` returned.
  template <executor Ex = sequential>
  [[nodiscard]] labelled_matrix labelled(const table_type& table, Ex&& ex = {}) const {
    labelled_matrix out{(*this)(table, ex), {}, {}, {}};
    detail::fill_outcomes(table, out);
    return out;
  }

  /// What comes out: numbers first, then codes, with the cardinality of each code.
  [[nodiscard]] std::vector<feature_info> info() const {
    std::vector<feature_info> out(number_columns + code_columns);
    const auto names = slot_names();
    for (std::size_t k = inputs; k < names.size(); ++k) {
      if (plan.code[k] != plan.none) out[number_columns + plan.code[k]].name = names[k];
      for (std::size_t j = 0; plan.number[k] != plan.none && j < plan.width[k]; ++j)
        out[plan.number[k] + j].name =
            plan.width[k] == 1 ? std::string(names[k]) : std::string(names[k]) + "[" + std::to_string(j) + "]";
    }
    each_output([&]<std::size_t K>(const auto& stage, std::size_t output) {
      if constexpr (plan.code[K] != plan.none)
        out[number_columns + plan.code[K]].cardinality = (std::max)(1u, stage.cardinality(output));
    });
    return out;
  }

  /// Stage I as it was fitted.
  template <std::size_t I>
  [[nodiscard]] const auto& stage() const noexcept {
    return get<I>(stages_);
  }
  static constexpr std::size_t stages = sizeof...(Stages);

  template <class Self, class Ar>
  static constexpr void describe(Self& self, Ar& ar) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (describe_stage<I>(get<I>(self.stages_), ar), ...); }
    (std::index_sequence_for<Stages...>{});
  }

  /// The value of one name in a row that came out.
  template <fixed_string Name>
  [[nodiscard]] static constexpr auto pick(const row_type& row) noexcept {
    static_assert(detail::require_feature<environment, Name>());
    constexpr std::size_t k = detail::slot_of<environment, Name>;
    using T = slot_t<k>;
    static_assert(detail::require_output<Name, plan.number[k] != plan.none || plan.code[k] != plan.none>());
    if constexpr (std::is_same_v<T, code>) {
      return code{row.codes[plan.code[k]]};
    } else if constexpr (std::is_same_v<T, float>) {
      return row.numbers[plan.number[k]];
    } else {
      T block{};
      for (std::size_t j = 0; j < block.size(); ++j) block[j] = row.numbers[plan.number[k] + j];
      return block;
    }
  }

  /// The names of all slots.
  [[nodiscard]] static constexpr std::array<std::string_view, environment::count> slot_names() noexcept {
    return []<std::size_t... K>(std::index_sequence<K...>) {
      return std::array<std::string_view, environment::count>{detail::slot_name<environment, K>::view()...};
    }
    (std::make_index_sequence<environment::count>{});
  }
  /// For `fit`: the columns of a table, and the stages to be filled.
  [[nodiscard]] static detail::fit_state start_fit(const table_type& table, stage_pack& all) {
    detail::fit_state state;
    state.rows = table.size();
    state.inputs = inputs;
    detail::fill_outcomes(table, state.outcome);
    state.written.resize(environment::count - inputs);
    const auto names = slot_names();
    state.names.assign(names.begin(), names.end());
    table_type::for_each_index([&]<std::size_t I>() { state.table.push_back(&table.template column_at<I>()); });
    [&]<std::size_t... I>(std::index_sequence<I...>) { (state.stages.push_back(&get<I>(all)), ...); }
    (std::index_sequence_for<Stages...>{});
    return state;
  }
  /// For `fit`: what comes out of the fitted stages.
  static void emit_columns(const detail::fit_state& state, feature_matrix& out) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (store<inputs + K>(reinterpret_cast<const slot_t<inputs + K>*>(state.written[K].data()), state.rows, out, 0),
       ...);
    }
    (std::make_index_sequence<environment::count - inputs>{});
  }

  /// Calls `f.operator()<slot read, slot written>(kernel)` for every value that a stage reads.
  template <class F>
  constexpr void each_read(F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (get<I>(stages_).each_read(f), ...); }
    (std::index_sequence_for<Stages...>{});
  }
  /// Calls `f.operator()<slot>(stage, output)` for every slot that a stage writes.
  template <class F>
  constexpr void each_output(F&& f) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (outputs_of(get<I>(stages_), f), ...); }
    (std::index_sequence_for<Stages...>{});
  }

  /// Copies n values of slot K to where they come out, from row `out_row` on; nothing where they do not.
  template <std::size_t K>
  static void store(const slot_t<K>* values, std::size_t n, feature_matrix& out, std::size_t out_row) {
    if constexpr (plan.code[K] != plan.none) {
      const auto to = out.code(plan.code[K]).subspan(out_row, n);
      for (std::size_t i = 0; i < n; ++i) to[i] = values[i].value;
    } else if constexpr (plan.number[K] != plan.none && std::is_same_v<slot_t<K>, float>) {
      std::copy_n(values, n, out.number(plan.number[K]).data() + out_row);
    } else if constexpr (plan.number[K] != plan.none) {
      for (std::size_t j = 0; j < detail::numbers_in<slot_t<K>>; ++j) {
        const auto to = out.number(plan.number[K] + j).subspan(out_row, n);
        for (std::size_t i = 0; i < n; ++i) to[i] = values[i][j];
      }
    }
  }

 private:
  /// The values that stages write for one row.
  template <class Indices>
  struct written;
  template <std::size_t... K>
  struct written<std::index_sequence<K...>> : detail::pack_leaf<inputs + K, slot_t<inputs + K>>... {};
  using written_values = written<std::make_index_sequence<environment::count - inputs>>;

  template <const auto& Source>
  struct row_state {
    const typename schema_of<Source>::record_type& record;
    written_values values;

    template <std::size_t K>
    using type = slot_t<K>;
    template <std::size_t K>
    [[nodiscard]] constexpr slot_t<K> read() const noexcept {
      if constexpr (K >= inputs) {
        return get<K>(values);
      } else if constexpr (detail::is_same_object<Source, Schema>) {
        return field_value<Source, K>(record);
      } else {
        using name = detail::slot_name<environment, K>;
        using available = detail::input_environment<Source>;
        if constexpr (detail::require_feature<available, name::name>())
          return detail::converted<slot_t<K>, name::name>(
              field_value<Source, detail::slot_of<available, name::name>>(record));
      }
    }
    template <std::size_t K>
    constexpr void write(const slot_t<K>& v) noexcept {
      get<K>(values) = v;
    }
  };

  /// Strips for values that do not go straight into the result.
  struct scratch {
    std::size_t rows;
    std::array<std::vector<std::byte>, environment::count> strip{};
  };
  struct strip_state {
    const table_type& table;
    std::size_t first;
    scratch& buffers;
    feature_matrix& out;
    std::size_t out_row;

    template <std::size_t K>
    using type = slot_t<K>;
    template <std::size_t K>
    [[nodiscard]] detail::column_reader<slot_t<K>> reader() const noexcept {
      if constexpr (K < inputs)
        return detail::read_from<slot_t<K>>(table.template column_at<K>(), first);
      else
        return {written<K>()};
    }
    template <std::size_t K>
    [[nodiscard]] slot_t<K>* writer() const {
      return written<K>();
    }

   private:
    template <std::size_t K>
    [[nodiscard]] slot_t<K>* written() const {
      using T = slot_t<K>;
      if constexpr (std::is_same_v<T, float> && plan.number[K] != plan.none) {
        return out.number(plan.number[K]).data() + out_row;
      } else {
        auto& strip = buffers.strip[K];
        if (strip.empty()) strip.resize(buffers.rows * sizeof(T));
        return reinterpret_cast<T*>(strip.data());
      }
    }
  };

  template <const auto& Source>
  constexpr row_type run_row(const typename schema_of<Source>::record_type& record) const noexcept {
    row_state<Source> state{record, {}};
    [&]<std::size_t... I>(std::index_sequence<I...>) { (get<I>(stages_).run_row(state), ...); }
    (std::index_sequence_for<Stages...>{});
    row_type out;
    [&]<std::size_t... K>(std::index_sequence<K...>) { (emit<inputs + K>(get<inputs + K>(state.values), out), ...); }
    (std::make_index_sequence<environment::count - inputs>{});
    return out;
  }
  template <std::size_t K>
  static constexpr void emit(const slot_t<K>& v, row_type& out) noexcept {
    if constexpr (plan.code[K] != plan.none) {
      out.codes[plan.code[K]] = v.value;
    } else if constexpr (plan.number[K] != plan.none) {
      if constexpr (std::is_same_v<slot_t<K>, float>)
        out.numbers[plan.number[K]] = v;
      else
        for (std::size_t j = 0; j < v.size(); ++j) out.numbers[plan.number[K] + j] = v[j];
    }
  }

  void run(const table_type& table, std::size_t first, std::size_t count, feature_matrix& out,
           std::size_t out_row) const {
    scratch buffers{(std::min)(detail::strip_rows, count)};
    for (std::size_t i = 0; i < count; i += buffers.rows)
      run_strip(table, first + i, (std::min)(buffers.rows, count - i), buffers, out, out_row + i);
  }
  void run_strip(const table_type& table, std::size_t first, std::size_t n, scratch& buffers, feature_matrix& out,
                 std::size_t out_row) const {
    strip_state state{table, first, buffers, out, out_row};
    [&]<std::size_t... I>(std::index_sequence<I...>) { (get<I>(stages_).run_strip(state, n), ...); }
    (std::index_sequence_for<Stages...>{});
    each_output([&]<std::size_t K>(const auto&, std::size_t) {
      if constexpr (!std::is_same_v<slot_t<K>, float>)  // numbers were written in place
        store<K>(reinterpret_cast<const slot_t<K>*>(buffers.strip[K].data()), n, out, out_row);
    });
  }
  template <std::size_t I, class Stage, class Ar>
  static constexpr void describe_stage(Stage& stage, Ar& ar) {
    if constexpr (std::remove_const_t<Stage>::outputs != 0)
      std::remove_const_t<Stage>::describe(stage, ar, [&](std::size_t output) { return key<I>(stage, output); });
  }
  template <class Stage, class F>
  static constexpr void outputs_of(const Stage& stage, F& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (f.template operator()<Stage::first_output + I>(stage, I), ...);
    }
    (std::make_index_sequence<Stage::outputs>{});
  }

  /// What a kernel is called in files: the number of its stage, the name it writes, and what it reads under others:
  /// "0:age", "2:rate=ad", "3:pair=ad,site".
  template <std::size_t I, class Stage>
  [[nodiscard]] static std::string key(const Stage&, std::size_t output) {
    constexpr auto names = slot_names();
    const std::string_view written = names[Stage::first_output + output];
    std::string key = std::to_string(I);
    key.append(":").append(written);
    const auto reads = Stage::inputs_of(output);
    for (std::size_t i = 0; i < reads.size(); ++i)
      if (reads.size() > 1 || names[reads[i]] != written) key.append(i == 0 ? "=" : ",").append(names[reads[i]]);
    return key;
  }

  stage_pack stages_{};
};

}  // namespace mlsd
