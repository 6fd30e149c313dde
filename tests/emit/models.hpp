// The models that are written as headers by one program and held against these headers by another.
#pragma once

#include "mlsd/scoring/gbdt/model.hpp"
#include "scoring/gbdt/random_gbdt.hpp"

namespace emitted_models {

inline const random_gbdt::shape shapes[] = {
    {},
    {.codes = 0, .float_sums = true, .zero_is_missing = true},
    {.trees = 9, .outputs = 3, .wide_leaves = true, .categories_in_numbers = true},
    {.trees = 0},
};

inline mlsd::gbdt_model model(std::size_t i) {
  return mlsd::gbdt_model::build(random_gbdt::model(shapes[i], i + 1)).value();
}

}  // namespace emitted_models
