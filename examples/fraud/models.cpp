#include "fraud/models.hpp"

#include "fraud/training.hpp"

namespace fraud {

mlsd::result<trained_cascade> train(const training_rows<risks>& learn, std::span<const risk> recent,
                                    const training_settings& settings) {
  return train_cascade(gate_features(), forest_features(), learn, recent, settings);
}

}  // namespace fraud
