// A user's own stages, in the user's own namespace.
#include "catch.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/features.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace shop {

/// A plain kernel: nothing to learn, nothing to keep.
struct cents {
  float operator()(float price) const noexcept { return std::round(price * 100); }
};

/// A stage that learns: the share of the largest value seen in training.
struct share_of_largest {
  struct statistics {
    float largest = 0;
    void merge(const statistics& other) { largest = std::max(largest, other.largest); }
  };
  struct fitted {
    float largest = 1;
    float operator()(float x) const noexcept { return x / largest; }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("largest", self.largest); }
  };
  void observe(statistics& s, float x) const { s.largest = std::max(s.largest, x); }
  fitted fit(const statistics& s) const { return {s.largest > 0 ? s.largest : 1}; }
};

/// A learner that needs all values at once, and may refuse them.
struct rank {
  struct fitted {
    std::vector<float> sorted{};
    float operator()(float x) const noexcept {
      return static_cast<float>(std::lower_bound(sorted.begin(), sorted.end(), x) - sorted.begin());
    }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) { ar("sorted", self.sorted); }
  };
  mlsd::result<fitted> fit(std::span<const float> values, std::span<const float>) const {
    fitted f{{values.begin(), values.end()}};
    if (std::any_of(f.sorted.begin(), f.sorted.end(), [](float x) { return x != x; }))
      return mlsd::error{mlsd::errc::not_finite, "rank does not take NaN"};
    std::sort(f.sorted.begin(), f.sorted.end());
    return f;
  }
};

/// An encoder that sees labels: cross-fitted without a word about it.
struct label_rate {
  struct statistics {
    double sum[2]{}, rows[2]{};
    void merge(const statistics& o) {
      for (int k : {0, 1}) sum[k] += o.sum[k], rows[k] += o.rows[k];
    }
  };
  struct fitted {
    float low = 0, high = 0;
    float operator()(float x) const noexcept { return x > 5 ? high : low; }
    template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
      ar("low", self.low), ar("high", self.high);
    }
  };
  void observe(statistics& s, float x, float label, float weight) const {
    s.sum[x > 5] += static_cast<double>(label) * static_cast<double>(weight);
    s.rows[x > 5] += static_cast<double>(weight);
  }
  fitted fit(const statistics& s) const {
    const auto rate = [&](int k) { return s.rows[k] > 0 ? static_cast<float>(s.sum[k] / s.rows[k]) : 0.0f; };
    return {rate(0), rate(1)};
  }
};

struct sale {
  float price, age;
  bool returned;
};

using namespace mlsd::literals;
inline constexpr mlsd::schema sales{"price"_f = &sale::price, "age"_f = &sale::age,
                                    "returned"_f = mlsd::label(&sale::returned)};

mlsd::frame<sales> some_sales() {
  mlsd::frame<sales> table;
  for (int i = 0; i < 40; ++i) table.push_back({static_cast<float>(i) / 4, static_cast<float>(i % 10), i % 3 == 0});
  return table;
}

}  // namespace shop

TEST_CASE("stages of a user's namespace stand in a pipeline and fuse with those of the library", "[features]") {
  using namespace shop;
  const auto spec = mlsd::from<sales>() | mlsd::on("price"_f)(cents{} >> mlsd::clip{0, 500} >> share_of_largest{}) |
                    mlsd::on("age"_f)(mlsd::then(share_of_largest{}, cents{})).as("age_share"_f) |
                    mlsd::on("age"_f)(rank{}).as("age_rank"_f) | mlsd::on("age"_f)(label_rate{}).as("rate"_f);
  const auto table = some_sales();
  const auto [features, x] = spec.fit(table).value();
  const auto row = features(sale{2.5f, 4.5f, false});
  CHECK(row["price"_f] == 0.5f);
  CHECK(row["age_share"_f] == 50);
  CHECK(row["age_rank"_f] == 20);
  const auto batch = features(table);
  bool out_of_fold = false;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto one = features(table.row(i));
    for (std::size_t j = 0; j < batch.number_columns(); ++j) CHECK(one.numbers[j] == batch.number(j)[i]);
    out_of_fold |= x.x().number(3)[i] != batch.number(3)[i];
  }
  CHECK(out_of_fold);
  const auto loaded = mlsd::from_bytes<std::remove_const_t<decltype(features)>>(mlsd::to_bytes(features)).value();
  CHECK(loaded(sale{2.5f, 4.5f, false})["price"_f] == 0.5f);
}

TEST_CASE("what a user's stage refuses comes with the name of the feature", "[features]") {
  using namespace shop;
  auto table = some_sales();
  table["age"_f][3] = std::nanf("");
  const auto failed = (mlsd::from<sales>() | mlsd::on("age"_f)(rank{})).fit(table);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message == "feature 'age': rank does not take NaN");
}
