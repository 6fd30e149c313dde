#pragma once

#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/archive/reseal.hpp"
#include "mlsd/core/random.hpp"
#include "mlsd/testing/laws/broken.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mlsd::laws {

/// What is saved is what is loaded: the same fingerprint, and the same bytes when saved again.
template <class T> [[nodiscard]] result<void> survives_file(const T& value) {
  const std::vector<std::byte> bytes = to_bytes(value);
  const auto loaded = from_bytes<T>(bytes);
  if (!loaded) return broken("a saved value loads", to_string(loaded.error()));
  if (fingerprint(*loaded) != fingerprint(value))
    return broken("a loaded value is the saved one", "fingerprints differ");
  const std::vector<std::byte> again = to_bytes(*loaded);
  if (again == bytes) return {};
  const auto at = std::mismatch(bytes.begin(), bytes.end(), again.begin(), again.end()).first - bytes.begin();
  return broken("a loaded value saves as the same bytes", "byte " + std::to_string(at));
}

struct hostile_files {
  std::size_t mutations = 10'000;
  std::uint64_t seed = 1;
  std::size_t truncations = 1'000;  ///< how many of the shorter files at most, evenly spread
};

/// Damaged files do no harm: `use(loaded)` is called on whatever still loads after up to three changes of the bytes
/// that get past the checksums, and must come back. Every shorter file is an error with its byte position. Run it under
/// sanitizers. Returns how many files were refused.
template <class T, class Use>
[[nodiscard]] result<std::size_t> survives_damage(const T& value, const hostile_files& how, Use&& use) {
  const std::vector<std::byte> bytes = to_bytes(value);
  const std::size_t step = 1 + bytes.size() / (std::max)(how.truncations, std::size_t{1});
  for (std::size_t n = 0; n < bytes.size(); n += step) {
    const auto cut = from_bytes<T>(std::span(bytes).first(n));
    if (cut)
      return broken("a shorter file is an error",
                    std::to_string(n) + " of " + std::to_string(bytes.size()) + " bytes load");
    if (cut.error().position == error::no_position)
      return broken("an error has its byte position", std::to_string(n) + " bytes: " + cut.error().message);
  }
  std::size_t refused = 0;
  for (std::size_t k = 0; k < how.mutations; ++k) {
    random_stream draws(how.seed, k);
    std::vector<std::byte> damaged = bytes;
    for (std::uint64_t changes = 1 + draws.uniform_int(3); changes > 0; --changes) {
      const auto at = static_cast<std::size_t>(draws.uniform_int(damaged.size()));
      const std::uint64_t kind = draws.uniform_int(4);
      if (kind == 0) {
        damaged[at] ^= std::byte{1} << draws.uniform_int(8);
      } else if (kind == 1) {
        damaged[at] = static_cast<std::byte>(draws.uniform_int(256));
      } else {  // a word of 0, of ones, a large length, or of another place
        const std::size_t width = (std::min)(std::size_t{1} << draws.uniform_int(4), damaged.size() - at);
        const auto from = static_cast<std::size_t>(draws.uniform_int(damaged.size() - width + 1));
        const std::byte fill = draws.uniform_int(2) == 0 ? std::byte{0} : std::byte{0xFF};
        for (std::size_t i = 0; i < width; ++i) damaged[at + i] = kind == 2 ? fill : bytes[from + i];
      }
    }
    reseal(damaged);
    auto loaded = from_bytes<T>(damaged);
    if (loaded) {
      use(*loaded);
      continue;
    }
    if (loaded.error().position == error::no_position)
      return broken("an error has its byte position", "mutation " + std::to_string(k) + ": " + loaded.error().message);
    ++refused;
  }
  return refused;
}

}  // namespace mlsd::laws
