/// The stations of the loop: models held to the last rating of each user, and the last fifth of the ratings as traffic.
#pragma once

#include "recommend/catalogue.hpp"
#include "recommend/outcome.hpp"

[[nodiscard]] mlsd::result<outcome> run(const catalogue& c, const options& asked);
