#pragma once

#include "mlsd/core/fp.hpp"
#include "mlsd/features/category_index.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlsd {

/// Replaces a category by the mean label of its training rows, drawn towards the overall mean:
/// (sum of w y + smoothing * mean) / (sum of w + smoothing). Unseen categories get the overall mean; missing is a
/// category like any other.
///
/// It learns from labels, so it is cross-fitted: the training matrix gets values learnt on the other folds, prior
/// included, and only new rows see what was learnt on all. Folds are stratified by label and keep groups whole.
/// O(n) time, memory for the distinct categories of each fold. Errors: a negative smoothing.
/// Micci-Barreca (2001), the m-estimate.
struct target_encode {
  double smoothing = 20;
  std::uint32_t folds = 5;
  std::uint64_t seed = 0;

  struct statistics {
    category_index index{};
    std::vector<double> sum{}, weight{};
    double total_sum = 0, total_weight = 0;

    template <class = void> void add(const category& c, double wy, double w) {
      const std::uint32_t k = index.insert(c);
      if (k == sum.size()) {
        sum.push_back(0);
        weight.push_back(0);
      }
      sum[k] += wy;
      weight[k] += w;
      total_sum += wy;
      total_weight += w;
    }
    template <class = void> void merge(const statistics& o) {
      for (std::uint32_t k = 0; k < o.sum.size(); ++k) add(o.index[k], o.sum[k], o.weight[k]);
    }
  };

  struct fitted {
    static constexpr std::string_view type_name = "target_encode";
    category_index index{};
    std::vector<float> value{};
    float prior = 0;

    [[nodiscard]] float operator()(const category& c) const noexcept {
      const std::uint32_t k = index.find(c);
      return k == category_index::none ? prior : value[k];
    }
    [[nodiscard]] bool knows(const category& c) const noexcept { return index.find(c) != category_index::none; }

    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("categories", self.index);
      ar("value", self.value);
      ar("prior", self.prior);
    }
    template <class = void> [[nodiscard]] result<void> validate() const {
      if (value.size() != index.size())
        return error{errc::corrupt, "target encoding: " + std::to_string(index.size()) + " categories but " +
                                        std::to_string(value.size()) + " values"};
      return {};
    }
  };

  template <class = void>
  MLSD_UNCONTRACTED void observe(statistics& s, const category& c, float label, float weight) const {
    MLSD_CONTRACT_OFF
    s.add(c, static_cast<double>(weight) * static_cast<double>(label), weight);
  }
  template <class = void> MLSD_UNCONTRACTED [[nodiscard]] result<fitted> fit(const statistics& s) const {
    MLSD_CONTRACT_OFF
    if (!(smoothing >= 0 && std::isfinite(smoothing)))
      return error{errc::invalid_argument, "smoothing must be 0 or more, not " + std::to_string(smoothing)};
    fitted f{s.index, std::vector<float>(s.sum.size()), 0};
    const double prior = s.total_weight > 0 ? s.total_sum / s.total_weight : 0;
    f.prior = static_cast<float>(prior);
    for (std::size_t k = 0; k < s.sum.size(); ++k) {
      const double weight = s.weight[k] + smoothing;
      f.value[k] = weight > 0 ? static_cast<float>((s.sum[k] + smoothing * prior) / weight) : f.prior;
    }
    return f;
  }
};

}  // namespace mlsd
