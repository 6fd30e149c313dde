#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/pack.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/data/frame.hpp"
#include "mlsd/features/category_index.hpp"
#include "mlsd/features/diagnostics.hpp"
#include "mlsd/features/fit_state.hpp"
#include "mlsd/features/layout.hpp"
#include "mlsd/features/stage.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlsd {

namespace detail {
template <const auto& A, const auto& B>
inline constexpr bool is_same_object = [] {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>)
    return &A == &B;
  else
    return false;
}();

/// Label, weight and group of the rows, as far as the schema has them. A missing label is NaN. Groups are numbered in
/// the order of their first rows; a missing group is one group.
template <const auto& Schema> void fill_outcomes(const frame<Schema>& table, labelled_matrix& out) {
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

/// Puts a field of a record into a slot: its value, or its address where it cannot be copied as bytes.
template <const auto& Source, std::size_t I, class T>
void put_field(const typename schema_of<Source>::record_type& record, T* slot) noexcept {
  if constexpr (std::is_trivially_copyable_v<T>) {
    std::construct_at(slot, field_value<Source, I>(record));
  } else {
    constexpr auto member = schema_of<Source>::template member<I>(Source);
    *reinterpret_cast<const T**>(slot) = &(record.*member);
  }
}
/// The same for field K of a schema, if a stage reads it, from a record of this or of another schema.
template <const auto& Schema, const auto& Source, std::size_t K, bool IsRead>
void load_field(const typename schema_of<Source>::record_type& record, const row_slots& row) noexcept {
  using T = typename schema_of<Schema>::template value_type<K>;
  if constexpr (IsRead && is_same_object<Source, Schema>) {
    put_field<Source, K>(record, row.template writer<T>(K));
  } else if constexpr (IsRead) {
    using field = typename schema_of<Schema>::template field_type<K>;
    using available = input_environment<Source>;
    if constexpr (require_feature<available, field::name>()) {
      constexpr std::size_t k = slot_of<available, field::name>;
      if constexpr (std::is_same_v<typename schema_of<Source>::template value_type<k>, T>)
        put_field<Source, k>(record, row.template writer<T>(K));
      else
        std::construct_at(row.template writer<T>(K), converted<T, field::name>(field_value<Source, k>(record)));
    }
  }
}
}  // namespace detail

/// One row as it comes out of a pipeline: `row["age"_f]`, or all of it as a `mixed_row`.
template <class Pipeline> struct feature_row {
  std::array<float, Pipeline::number_columns> numbers{};
  std::array<std::uint32_t, Pipeline::code_columns> codes{};

  [[nodiscard]] constexpr operator mixed_row() const noexcept { return {numbers, codes}; }

  /// A number, a `code`, or a block of numbers.
  template <fixed_string Name> [[nodiscard]] constexpr auto operator[](feature<Name>) const noexcept {
    return Pipeline::template pick<Name>(*this);
  }
};

/// A fitted pipeline: one definition for one row (online) and for tables (offline), with the same bits.
///
/// Made by `spec.fit(train)` or read from a file. What stages wrote comes out, the newest value of each name, in the
/// order of the stages: numbers (float, NaN is missing) and codes. Fields that no stage touched do not come out.
/// One row: noexcept, no allocation. Tables: O(rows * stages), strips of 16,384 rows; allocates the result and one
/// scratch strip a chunk. Const calls are thread-safe.
template <const auto& Schema, class... Stages> class pipeline {
 public:
  /// The names and types of all values; for those who extend pipelines.
  using environment =
      typename detail::environment_after<detail::input_environment<Schema>, typename Stages::wiring_type...>::type;

 private:
  static constexpr std::size_t inputs = schema_of<Schema>::size;
  static constexpr auto plan = detail::lay_out<environment::count>(environment::node, inputs);
  static constexpr std::span<const detail::slot_place> written_places() noexcept {
    return std::span(plan.place).subspan(inputs);
  }
  template <std::size_t K> using slot_t = detail::slot_type_t<environment, K>;

 public:
  using schema_type = schema_of<Schema>;
  using record_type = typename schema_type::record_type;
  using table_type = frame<Schema>;
  static constexpr std::size_t number_columns = plan.numbers, code_columns = plan.codes;
  using row_type = feature_row<pipeline>;
  static constexpr const auto& schema = Schema;

  using stage_pack = detail::stage_list<std::index_sequence_for<Stages...>, Stages...>;

  pipeline() = default;
  explicit pipeline(stage_pack fitted) : stages_(std::move(fitted)) {}

  /// Online: one record.
  row_type operator()(const record_type& record) const noexcept { return run_row<Schema>(record); }
  /// Online: a record of another struct, which has the fields that are read; it needs no label.
  /// `features.read<requests>(request)`.
  template <const auto& Source> row_type read(const typename schema_of<Source>::record_type& record) const noexcept {
    return run_row<Source>(record);
  }

  /// Offline: all rows of a table.
  template <executor Ex = sequential>
  [[nodiscard]] feature_matrix operator()(const table_type& table, Ex&& ex = {}) const {
    feature_matrix out = feature_matrix::unfilled(info(), table.size());
    for_each_chunk(ex, table.size(), detail::strip_rows,
                   [&](std::size_t first, std::size_t last) { run(table, first, last - first, out, first); });
    return out;
  }
  /// Offline: rows [first, first + count) of a table.
  [[nodiscard]] feature_matrix rows(const table_type& table, std::size_t first, std::size_t count) const {
    feature_matrix out = feature_matrix::unfilled(info(), count);
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
    std::array<std::uint32_t, environment::count> cardinalities{};
    stages_.cardinalities(cardinalities.data());
    return detail::describe_columns(written_places(), plan.names.data() + inputs, cardinalities.data() + inputs,
                                    number_columns, code_columns);
  }

  /// Stage I as it was fitted.
  template <std::size_t I> [[nodiscard]] const auto& stage() const noexcept { return get<I>(stages_); }
  static constexpr std::size_t stages = sizeof...(Stages);

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    stage_pack::describe(self.stages_, ar, plan.names.data());
  }

  /// The value of one name in a row that came out.
  template <fixed_string Name> [[nodiscard]] static constexpr auto pick(const row_type& row) noexcept {
    static_assert(detail::require_feature<environment, Name>());
    constexpr std::size_t k = detail::slot_of<environment, Name>;
    using T = slot_t<k>;
    static_assert(detail::require_output < Name,
                  plan.place[k].number != detail::nowhere || plan.place[k].code != detail::nowhere > ());
    if constexpr (std::is_same_v<T, code>) {
      return code{row.codes[plan.place[k].code]};
    } else if constexpr (std::is_same_v<T, float>) {
      return row.numbers[plan.place[k].number];
    } else {
      T block{};
      for (std::size_t j = 0; j < block.size(); ++j) block[j] = row.numbers[plan.place[k].number + j];
      return block;
    }
  }

  /// For `fit`: the columns of a table, and the stages to be filled.
  [[nodiscard]] static detail::fit_state start_fit(const table_type& table, stage_pack& all) {
    detail::fit_state state;
    state.rows = table.size();
    state.inputs = inputs;
    detail::fill_outcomes(table, state.outcome);
    state.names = plan.names.data();
    const auto columns = table.column_addresses();
    state.table.assign(columns.begin(), columns.end());
    state.allocate(written_places(), all.addresses());
    return state;
  }
  /// For `fit`: what comes out of the fitted stages.
  static void emit_columns(const detail::fit_state& state, feature_matrix& out) {
    detail::emit_columns(written_places(), state.written.data(), state.rows, out, 0);
  }

  /// Calls `f.operator()<slot read, slot written>(kernel)` for every value that a stage reads.
  template <class F> constexpr void each_read(F&& f) const { stages_.each_read(f); }

 private:
  template <const auto& Source> row_type run_row(const typename schema_of<Source>::record_type& record) const noexcept {
    alignas(plan.row_alignment) std::byte bytes[plan.row_bytes + 1];
    const detail::row_slots row{bytes, plan.row.data()};
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (detail::load_field<Schema, Source, K, plan.is_read[K]>(record, row), ...);
    }(std::make_index_sequence<inputs>{});
    stages_.run_row(row);
    row_type out;
    if constexpr (number_columns != 0) std::memcpy(out.numbers.data(), bytes, sizeof out.numbers);
    if constexpr (code_columns != 0)
      std::memcpy(out.codes.data(), bytes + sizeof(float) * number_columns, sizeof out.codes);
    return out;
  }
  void run(const table_type& table, std::size_t first, std::size_t count, feature_matrix& out,
           std::size_t out_row) const {
    const auto columns = table.column_addresses();
    const std::size_t strip = (std::min)(detail::strip_rows, count);
    std::vector<std::byte> scratch(detail::scratch_bytes(written_places(), strip));
    std::array<std::byte*, environment::count - inputs> to{};
    for (std::size_t i = 0; i < count; i += strip) {
      const std::size_t n = (std::min)(strip, count - i);
      detail::place_rows(written_places(), strip, scratch.data(), out, out_row + i, to.data());
      stages_.run_strip({columns.data(), to.data(), inputs, first + i}, n);
      detail::emit_columns(written_places(), to.data(), n, out, out_row + i);
    }
  }

  stage_pack stages_{};
};

}  // namespace mlsd
