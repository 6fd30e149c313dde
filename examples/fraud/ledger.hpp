/// What decisions cost, by the truth.
#pragma once

#include "fraud/models.hpp"
#include "fraud/simulator.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fraud {

enum class fate : std::uint8_t { passed, looked_at, blocked };

struct tally {
  std::uint64_t charges = 0, frauds = 0, stopped = 0, caught = 0, looks = 0, blocks = 0;
  double loss = 0;         ///< frauds that passed, honest charges blocked, and looks, in euros
  double oracle_loss = 0;  ///< one look for every fraud, and nothing else

  void add(const charge& c, fate f, const price_list& prices) noexcept {
    const bool is_stopped = f != fate::passed;
    ++charges;
    frauds += c.is_fraud();
    stopped += is_stopped;
    caught += is_stopped && c.is_fraud();
    looks += f == fate::looked_at;
    blocks += f == fate::blocked;
    if (c.is_fraud()) oracle_loss += prices.review;
    if (f == fate::looked_at) loss += prices.review;
    if (f == fate::blocked && !c.is_fraud()) loss += prices.wrong_block;
    if (f == fate::passed && c.is_fraud()) loss += static_cast<double>(c.amount);
  }
  /// Of the frauds, the share that was stopped; of what was stopped, the share that was fraud.
  [[nodiscard]] double recall() const noexcept { return share(caught, frauds); }
  [[nodiscard]] double precision() const noexcept { return share(caught, stopped); }

 private:
  [[nodiscard]] static double share(std::uint64_t part, std::uint64_t whole) noexcept {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// Charges [first, first + fates.size()) of a stream, all together.
[[nodiscard]] inline tally tally_of(std::span<const charge> charges, std::span<const fate> fates,
                                    const price_list& prices) {
  tally t;
  for (std::size_t i = 0; i < charges.size(); ++i) t.add(charges[i], fates[i], prices);
  return t;
}

}  // namespace fraud
