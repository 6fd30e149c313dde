/// What is watched while a model decides. It starts anew with each model, whose own recent charges are the reference.
#pragma once

#include "fraud/models.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/page_hinkley.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/drift/watch.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fraud {

/// Of the charges that the gate finds suspicious: amount, category, and whether they were stopped. Of those that people
/// looked at: whether they were fraud. Of the frauds that become known: whether they had passed.
using monitors = mlsd::watch<mlsd::watched<"amount", mlsd::psi>, mlsd::watched<"category", mlsd::psi>,
                             mlsd::watched<"stopped", mlsd::page_hinkley>, mlsd::watched<"verdict", mlsd::adwin>,
                             mlsd::watched<"missed", mlsd::page_hinkley>>;

/// `recent`: charges of the last days, which the model is asked about to see which of them it suspects.
[[nodiscard]] inline monitors watch_model(const fraud_cascade& model, std::span<const risk> recent) {
  std::vector<float> amount;
  std::vector<std::uint32_t> category;
  for (const risk& r : recent) {
    if (model(r).level == 0) continue;
    amount.push_back(r.amount);
    category.push_back(r.category);
  }
  const mlsd::watch_window window{(std::max)(amount.size() / 4, std::size_t{100})};
  const mlsd::psi_options options{.level = 0.001, .material = 0.15};
  return monitors{
      {"amount"_f, mlsd::psi(mlsd::psi_reference::from(std::span<const float>(amount)), options), window},
      {"category"_f, mlsd::psi(mlsd::psi_reference::from(std::span<const std::uint32_t>(category)), options), window},
      {"stopped"_f, mlsd::page_hinkley({.threshold = 90, .tolerance = 0.01, .towards = mlsd::drift_direction::down})},
      {"verdict"_f, mlsd::adwin{}},
      {"missed"_f, mlsd::page_hinkley({.threshold = 30, .tolerance = 0.05, .towards = mlsd::drift_direction::up})}};
}

}  // namespace fraud
