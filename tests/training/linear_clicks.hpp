// Rows for the tests of linear learners: clicks drawn from a known logistic model.
#pragma once

#include "draws.hpp"
#include "mlsd/data/examples.hpp"
#include "mlsd/scoring/linear.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mlsd_test {

/// Two numbers of three matter, and codes 0 ... 4 do.
inline mlsd::labelled_matrix linear_clicks(std::size_t n, std::uint64_t seed) {
  draws random{seed};
  mlsd::labelled_matrix m{mlsd::feature_matrix({{"a", 0}, {"b", 0}, {"noise", 0}, {"code", 5}}, n), {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double a = 2 * random.uniform() - 1, b = 4 * random.uniform() - 2;
    m.x.number(0)[i] = static_cast<float>(a);
    m.x.number(1)[i] = static_cast<float>(b);
    m.x.number(2)[i] = static_cast<float>(random.uniform());
    m.x.code(0)[i] = static_cast<std::uint32_t>(random.below(5));
    const double margin = -0.5 + 1.5 * a - 0.8 * b + 0.4 * (static_cast<double>(m.x.code(0)[i]) - 2);
    m.label.push_back(random.uniform() < 1 / (1 + std::exp(-margin)) ? 1.0f : 0.0f);
  }
  return m;
}

/// Equal in bits.
inline bool same_model(const mlsd::linear_model& a, const mlsd::linear_model& b) {
  if (std::bit_cast<std::uint64_t>(a.bias()) != std::bit_cast<std::uint64_t>(b.bias())) return false;
  if (!(a.layout() == b.layout())) return false;
  for (std::size_t i = 0; i < a.weight().size(); ++i)
    if (std::bit_cast<std::uint32_t>(a.weight()[i]) != std::bit_cast<std::uint32_t>(b.weight()[i])) return false;
  return true;
}

}  // namespace mlsd_test
