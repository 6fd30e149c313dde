#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/scoring/link.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace mlsd {

/// Turns the margin of a model into a better probability. `margin(m)` is the logit of `probability(m)`, so that one map
/// can follow another.
template <class Map>
concept calibration_map = std::copyable<Map> && requires(const Map& map, double m) {
  { map.margin(m) } noexcept -> std::same_as<double>;
  { map.probability(m) } noexcept -> std::same_as<double>;
};

/// A model whose margins pass through a calibration map: again a model, immutable, which another map can calibrate
/// (a GBDT trained on down-sampled rows, shifted back, then isotonic). Takes the rows that the model takes.
/// The cost of the map is added to each row; nothing allocates. A row and a batch give the same bits if the model's do.
template <class Model, calibration_map Map> class calibrated {
 public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::string_view type_name = "calibrated";

  calibrated() = default;
  explicit calibrated(Model model, Map map = {}) : model_(std::move(model)), map_(std::move(map)) {}

  [[nodiscard]] const Model& model() const noexcept { return model_; }
  [[nodiscard]] const Map& map() const noexcept { return map_; }
  [[nodiscard]] static constexpr link_function output() noexcept { return link_function::logistic; }
  [[nodiscard]] std::size_t number_columns() const noexcept { return model_.number_columns(); }
  [[nodiscard]] std::size_t code_columns() const noexcept { return model_.code_columns(); }
  [[nodiscard]] std::size_t width() const noexcept { return model_.width(); }

  /// The calibrated margin: the logit of the probability.
  template <class Row> [[nodiscard]] double raw(const Row& row) const noexcept { return map_.margin(model_.raw(row)); }
  /// The calibrated probability.
  template <class Row> [[nodiscard]] double operator()(const Row& row) const noexcept {
    return map_.probability(model_.raw(row));
  }

  void raw(const mixed_columns& x, std::span<double> out) const noexcept {
    model_.raw(x, out);
    for (double& v : out) v = map_.margin(v);
  }
  void operator()(const mixed_columns& x, std::span<double> out) const noexcept {
    model_.raw(x, out);
    for (double& v : out) v = map_.probability(v);
  }
  /// The same, in pieces of 4,096 rows on the threads of `ex`.
  template <executor Ex> void raw(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { raw(x.slice(a, b - a), out.subspan(a, b - a)); });
  }
  template <executor Ex> void operator()(const mixed_columns& x, std::span<double> out, Ex&& ex) const {
    for_each_chunk(ex, x.rows, 4096,
                   [&](std::size_t a, std::size_t b) { (*this)(x.slice(a, b - a), out.subspan(a, b - a)); });
  }

  friend bool operator==(const calibrated&, const calibrated&) = default;
  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("model", self.model_);
    ar("map", self.map_);
  }

 private:
  Model model_{};
  Map map_{};
};

}  // namespace mlsd
