/// What is watched while models decide. The thresholds were chosen on the world of seed 7: how many false alarms they
/// raise, and how late the true one comes, is to be read from worlds of other seeds.
#pragma once

#include "fraud/models.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/page_hinkley.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/drift/watch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace fraud {

/// Of the charges that the gate finds suspicious: amount, category, and whether they were stopped. Starts anew with
/// each model, whose own recent charges are the reference.
using case_monitors = mlsd::watch<mlsd::watched<"amount", mlsd::psi>, mlsd::watched<"category", mlsd::psi>,
                                  mlsd::watched<"stopped", mlsd::page_hinkley>>;
/// Of the charges that people looked at: whether they were fraud. Of dear frauds that become known: whether they had
/// passed. Whatever the model.
using quality_monitors =
    mlsd::watch<mlsd::watched<"verdict", mlsd::adwin>, mlsd::watched<"missed", mlsd::page_hinkley>>;
inline constexpr float dear = 50;

[[nodiscard]] inline quality_monitors watch_quality() {
  return quality_monitors{
      {"verdict"_f, mlsd::adwin{}},
      {"missed"_f, mlsd::page_hinkley({.threshold = 30, .tolerance = 0.05, .towards = mlsd::drift_direction::up})}};
}

/// `recent`: charges of the last days, which the model is asked about to see which of them it suspects.
[[nodiscard]] inline case_monitors watch_cases(const fraud_cascade& model, std::span<const risk> recent) {
  std::vector<float> amount;
  std::vector<std::uint32_t> category;
  for (const risk& r : recent) {
    if (model(r).level == 0) continue;
    amount.push_back(r.amount);
    category.push_back(r.category);
  }
  const mlsd::watch_window window{(std::max)(amount.size() / 4, std::size_t{100})};
  const auto shift = [](auto reference, double material) {
    return mlsd::psi(std::move(reference), {.level = 0.001, .material = material});
  };
  return case_monitors{
      {"amount"_f, shift(mlsd::psi_reference::from(std::span<const float>(amount)), 0.3), window},
      {"category"_f, shift(mlsd::psi_reference::from(std::span<const std::uint32_t>(category)), 0.2), window},
      {"stopped"_f, mlsd::page_hinkley({.threshold = 140, .tolerance = 0.01, .towards = mlsd::drift_direction::down})}};
}

}  // namespace fraud
