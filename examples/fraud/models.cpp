#include "fraud/models.hpp"

#include "fraud/training.hpp"

namespace fraud {

mlsd::result<fraud_cascade> train(const training_rows<risks>& learn, const recent_rows& recent,
                                  const training_settings& settings) {
  return train_cascade(gate_features(), forest_features(), learn, std::span<const risk>(recent.rows), recent.reviews,
                       settings);
}

}  // namespace fraud
