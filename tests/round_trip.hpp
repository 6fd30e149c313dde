// Persistence of any class: a file gives the value back, and no damaged file does harm.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "draws.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/reseal.hpp"

namespace mlsd_test {

/// The loaded value equals the saved one, and saves as the same bytes.
template <class T> bool round_trips(const T& value) {
  const std::vector<std::byte> bytes = mlsd::to_bytes(value);
  const auto loaded = mlsd::from_bytes<T>(bytes);
  return loaded && *loaded == value && mlsd::to_bytes(*loaded) == bytes;
}

/// Loads `mutations` damaged and resealed files of the value and calls `use` on whatever still loads. Returns how many
/// were refused.
template <class T, class Use> int mutate(const T& value, int mutations, Use&& use) {
  const std::vector<std::byte> bytes = mlsd::to_bytes(value);
  draws random{bytes.size()};
  int refused = 0;
  for (int k = 0; k < mutations; ++k) {
    std::vector<std::byte> damaged = bytes;
    for (std::uint64_t i = 0; i <= random.below(3); ++i)
      damaged[random.below(damaged.size())] = static_cast<std::byte>(random.bits());
    if (k % 2 == 0) {  // a whole word of all ones, zeros, or the exponent of infinity
      const std::size_t at = random.below(damaged.size() / 8) * 8;
      const std::byte fill = k % 3 == 0 ? std::byte{0xFF} : std::byte{0};
      for (std::size_t i = 0; i < 8; ++i) damaged[at + i] = fill;
      if (k % 5 == 0) damaged[at + 7] = std::byte{0x7F}, damaged[at + 6] = std::byte{0xF0};
    }
    mlsd::reseal(damaged);
    if (auto loaded = mlsd::from_bytes<T>(damaged)) {
      use(*loaded);
    } else {
      ++refused;
    }
  }
  return refused;
}

}  // namespace mlsd_test
