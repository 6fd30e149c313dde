/// Another table in twenty lines: who earns more than 50,000 a year (UCI Adult)?
#pragma once

#include "mlsd/data/csv.hpp"
#include "mlsd/data/split.hpp"
#include "mlsd/features.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace adult {

using namespace mlsd::literals;

struct person {
  float age, fnlwgt, education_num, capital_gain, capital_loss, hours_per_week;
  std::string workclass, education, marital_status, occupation, relationship, race, sex, native_country;
  bool rich;
};

inline constexpr mlsd::schema people{"age"_f = &person::age,
                                     "workclass"_f = &person::workclass,
                                     "fnlwgt"_f = &person::fnlwgt,
                                     "education"_f = &person::education,
                                     "education_num"_f = &person::education_num,
                                     "marital_status"_f = &person::marital_status,
                                     "occupation"_f = &person::occupation,
                                     "relationship"_f = &person::relationship,
                                     "race"_f = &person::race,
                                     "sex"_f = &person::sex,
                                     "capital_gain"_f = &person::capital_gain,
                                     "capital_loss"_f = &person::capital_loss,
                                     "hours_per_week"_f = &person::hours_per_week,
                                     "native_country"_f = &person::native_country,
                                     "rich"_f = mlsd::label(&person::rich)};

struct dataset {
  using table = mlsd::frame<people>;
  static constexpr const char* name = "adult";
  static constexpr double keep_negatives = 1;

  template <class Source>
  [[nodiscard]] static mlsd::result<table> read(Source source) {
    return mlsd::read_csv<people>(std::move(source), {.format = {.trim = true},
                                                      .words = {.missing = {"", "?"}, .yes = {">50K"}, .no = {"<=50K"}},
                                                      .header = false});
  }
  [[nodiscard]] static mlsd::result<void> prepare(table&) { return {}; }
  [[nodiscard]] static auto split(const table& all) { return mlsd::split_by_order(all, {0.68, 0.12, 0.20}); }

  [[nodiscard]] static auto tree_features(std::uint64_t) {
    using namespace mlsd;
    return from<people>()
         | on("age"_f, "fnlwgt"_f, "education_num"_f, "capital_gain"_f, "capital_loss"_f, "hours_per_week"_f)(as_number{})
         | on("workclass"_f, "education"_f, "marital_status"_f, "occupation"_f, "relationship"_f, "race"_f, "sex"_f, "native_country"_f)(ordinal{});
  }
  [[nodiscard]] static auto linear_features(std::uint64_t) {
    using namespace mlsd;
    return from<people>()
         | on("age"_f, "education_num"_f, "hours_per_week"_f)(impute{impute::median} >> standardize{})
         | on("capital_gain"_f, "capital_loss"_f)(log_plus_one{} >> standardize{})
         | on("workclass"_f, "education"_f, "marital_status"_f, "occupation"_f, "relationship"_f, "race"_f, "sex"_f, "native_country"_f)(ordinal{.min_count = 10})
         | cross<16>("work"_f, "education"_f, "occupation"_f);
  }
};

}  // namespace adult
