// Everything that merges is a monoid: metrics, statistics, drift monitors and what stages learn from.
#include "catch.hpp"
#include "mlsd/drift/ks.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/features/ordinal.hpp"
#include "mlsd/features/standardize.hpp"
#include "mlsd/features/target_encode.hpp"
#include "mlsd/metrics/auc.hpp"
#include "mlsd/metrics/binned_auc.hpp"
#include "mlsd/metrics/calibration.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "mlsd/metrics/reliability.hpp"
#include "mlsd/stats/compensated_sum.hpp"
#include "mlsd/stats/histogram.hpp"
#include "mlsd/stats/moments.hpp"
#include "mlsd/stats/weighted_mean.hpp"
#include "mlsd/testing/laws/files.hpp"
#include "mlsd/testing/laws/merge.hpp"

#include <string>
#include <vector>

namespace test_laws_monitors {
using namespace mlsd;

struct sample {
  double score, label, weight;
};
/// Part k of five; the fourth is empty.
std::vector<sample> part(std::size_t k) {
  std::vector<sample> rows;
  for (std::size_t i = 0; i < (k == 3 ? 0 : 50 + 30 * k); ++i) {
    const std::size_t h = (i + 1000 * k) * 2654435761u;
    rows.push_back(
        {static_cast<double>(h % 997) / 1000 + 0.001, h % 3 == 0 ? 1.0 : 0.0, static_cast<double>(1 + h % 4) / 4});
  }
  return rows;
}

template <class S, class Update> std::vector<S> parts(const S& fresh, Update&& update) {
  std::vector<S> all(5, fresh);
  for (std::size_t k = 0; k < all.size(); ++k)
    for (const sample& s : part(k)) update(all[k], s);
  return all;
}
template <class S, class... Value>
void check(const char* name, const std::vector<S>& all, std::uint64_t ulps, Value&&... value) {
  INFO(name);
  const auto held = [&] {
    if constexpr (sizeof...(Value) == 0)
      return laws::merges_as_monoid(std::span<const S>(all), ulps);
    else
      return laws::merges_as_monoid(std::span<const S>(all), value..., ulps);
  }();
  INFO((held ? std::string() : held.error().message));
  CHECK(held.has_value());
  if constexpr (described<S>) {
    const auto survived = laws::survives_file(all[0]);
    INFO((survived ? std::string() : survived.error().message));
    CHECK(survived.has_value());
  }
}
constexpr auto with_label = [](auto& m, const sample& s) { m.update(s.score, s.label, s.weight); };

TEST_CASE("metrics are monoids and survive files", "[laws]") {
  check("auc",
        parts(auc_metric{},
              [](auto& m, const sample& s) {
                m.update(static_cast<float>(s.score), static_cast<float>(s.label), s.weight);
              }),
        2);
  check("binned auc", parts(binned_auc<256>{}, with_label), 4);
  check("log loss", parts(log_loss{}, with_label), 1);
  check("brier score", parts(brier_score{}, with_label), 1);
  check("probability error", parts(probability_error{}, with_label), 1);
  check("reliability", parts(reliability::equal_width(10), with_label), 8, [](const reliability& r) {
    std::vector<double> v;
    for (const auto& b : r.value()) v.insert(v.end(), {b.weight, b.predicted, b.observed});
    return v;
  });
}

TEST_CASE("statistics are monoids and survive files", "[laws]") {
  const auto plain = [](auto& m, const sample& s) { m.update(s.score, s.weight); };
  check("moments", parts(moments{}, plain), 4);
  check("weighted mean", parts(weighted_mean{}, plain), 1);
  check("compensated sum", parts(compensated_sum{}, [](auto& m, const sample& s) { m.update(s.score); }), 0);
  check("histogram", parts(histogram(bin_edges::equal_width(8, {0, 1})), plain), 0, [](const histogram& h) {
    return h.rows() == 0 ? std::vector<double>() : std::vector<double>(h.cells().begin(), h.cells().end());
  });
}

TEST_CASE("drift monitors are monoids and survive files", "[laws]") {
  std::vector<float> before;
  for (int i = 0; i < 400; ++i) before.push_back(static_cast<float>(i * 7 % 101) / 101);
  const auto plain = [](auto& m, const sample& s) { m.update(s.score, s.weight); };
  check("psi", parts(psi(psi_reference::from(before)), plain), 8, [](const psi& p) { return p.statistic(); });
  check("ks", parts(ks(ks_reference::from(before)), plain), 8, [](const ks& k) { return k.value().statistic; });
}

TEST_CASE("what stages learn from is a monoid", "[laws]") {
  const auto of_standardize = parts(standardize::statistics{}, [](auto& s, const sample& x) {
    standardize{}.observe(s, static_cast<float>(x.score), static_cast<float>(x.weight));
  });
  check("standardize", of_standardize, 8, [](const auto& s) {
    const auto f = standardize{}.fit(s);
    return std::array<double, 3>{s.weight, s.mean, static_cast<double>(f.inverse)};
  });
  const auto category_of = [](const sample& x) { return category(static_cast<int>(x.score * 10)); };
  const auto of_ordinal = parts(ordinal::statistics{}, [&](auto& s, const sample& x) {
    ordinal{}.observe(s, category_of(x), static_cast<float>(x.weight));
  });
  check("ordinal", of_ordinal, 0, [](const auto& s) {
    std::vector<double> v;
    for (std::uint32_t k = 0; k < s.count.size(); ++k) {
      v.push_back(static_cast<double>(s.index[k].number()));
      v.push_back(s.count[k]);
    }
    return v;
  });
  const auto of_rates = parts(target_encode::statistics{}, [&](auto& s, const sample& x) {
    target_encode{}.observe(s, category_of(x), static_cast<float>(x.label), static_cast<float>(x.weight));
  });
  check("target_encode", of_rates, 4, [](const auto& s) {
    const auto f = target_encode{}.fit(s).value();
    std::vector<double> v{static_cast<double>(f.prior)};
    for (const float x : f.value) v.push_back(static_cast<double>(x));
    return v;
  });
}

}  // namespace test_laws_monitors
