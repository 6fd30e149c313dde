#pragma once

#include "mlsd/core/executor.hpp"
#include "mlsd/core/matrix_view.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/core/result.hpp"
#include "mlsd/data/interactions.hpp"
#include "mlsd/scoring/confidence_least_squares.hpp"
#include "mlsd/scoring/embedding.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mlsd {

/// Alternating least squares for implicit feedback: what a user has done something with is wanted with confidence
/// 1 + confidence * weight, everything else is unwanted with confidence 1. Users are solved against fixed items, then
/// items against fixed users, by a few steps of conjugate gradients from where they are.
/// O((entries x factors + (users + items) x factors^2) x steps) an iteration, divided by the threads.
/// The same seed gives the same bits on any number of threads and any instruction set.
/// Errors: settings out of range, no entries, negative weights, and weights so large that vectors are not finite.
/// Sources: as of `confidence_least_squares`.
struct als {
  std::uint32_t factors = 64;
  float regularization = 0.1f;  ///< the ridge, > 0
  float confidence = 40;        ///< alpha of Hu, Koren and Volinsky, > 0
  std::uint32_t iterations = 15;
  std::uint32_t steps = 3;  ///< of conjugate gradients, for each row and half-iteration
  bool binary = false;      ///< all weights count as 1
  std::uint64_t seed = 1;

  template <executor Ex = sequential>
  [[nodiscard]] result<embedding_model> fit(const interactions& data, Ex&& ex = {}) const {
    if (auto ok = check(data); !ok) return ok.error();
    const sparse_matrix_view by_user = binary ? data.by_user().binary() : data.by_user();
    const sparse_matrix_view by_item = binary ? data.by_item().binary() : data.by_item();
    embedding_model m;
    m.factors_ = factors;
    m.confidence_ = confidence;
    m.user_.assign(data.users() * m.width(), 0.0f);
    m.item_.assign(data.items() * m.width(), 0.0f);
    for (std::size_t i = 0; i < data.items(); ++i) {
      random_stream draw(seed, i);
      for (std::size_t j = 0; j < factors; ++j)
        m.item_[i * m.width() + j] = static_cast<float>(draw.normal() * 0.1 / std::sqrt(static_cast<double>(factors)));
    }
    for (std::uint32_t k = 0; k < iterations; ++k) {
      solve(by_user, m.item_vectors(), m.user_, ex);
      solve(by_item, m.user_vectors(), m.item_, ex);
    }
    m.gram_ = ridged_gram(m.item_vectors(), regularization, ex);
    solve(by_user, m.item_vectors(), m.user_, ex);
    if (auto ok = m.validate(); !ok)
      return error{errc::not_finite, "als: vectors are not finite: weights or confidence are too large"};
    return m;
  }

 private:
  template <class = void> [[nodiscard]] result<void> check(const interactions& data) const {
    const auto wrong = [](const char* what) {
      return error{errc::invalid_argument, std::string("als: ").append(what)};
    };
    if (factors == 0 || factors > 4096) return wrong("factors must be 1 to 4,096");
    if (!(std::isfinite(regularization) && regularization > 0)) return wrong("regularization must be positive");
    if (!(std::isfinite(confidence) && confidence > 0)) return wrong("confidence must be positive");
    if (iterations == 0 || steps == 0) return wrong("iterations and steps must be at least 1");
    if (data.size() == 0) return error{errc::empty, "als: no interactions"};
    const sparse_matrix_view rows = data.by_user();
    for (std::size_t u = 0; u < rows.rows(); ++u)
      for (std::size_t k = 0; k < rows[u].size(); ++k)
        if (rows[u].value_of(k) < 0 && !binary)
          return error{errc::invalid_argument, "als: user " + std::to_string(u) + ", item " +
                                                   std::to_string(rows[u].index[k]) + ": the weight is negative"};
    return {};
  }

  /// One half of an iteration: `solved`, a row for each row of `entries`, against the other side as it is.
  template <class Ex>
  void solve(const sparse_matrix_view& entries, const matrix_view<const float>& others, std::vector<float>& solved,
             Ex& ex) const {
    const std::vector<float> squared = ridged_gram(others, regularization, ex);
    const std::size_t width = others.stride;
    const confidence_least_squares problem{others, {squared.data(), factors, factors, width}, confidence};
    for_each_chunk(ex, entries.rows(), std::size_t{64}, [&](std::size_t first, std::size_t last) {
      std::vector<float> work(3 * width);
      for (std::size_t i = first; i < last; ++i)
        problem.improve(entries[i], std::span(solved).subspan(i * width, width), work, steps, 0.0f);
    });
  }
};

}  // namespace mlsd
