/// A request: who asks, when, and what the past says about it.
#pragma once

#include "mlsd/core/concepts.hpp"
#include "mlsd/core/sparse_row.hpp"
#include "mlsd/retrieval/history.hpp"
#include "recommend/past.hpp"
#include "recommend/showing.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

/// What a source thought of a film: its score, and its place in the list, from 1. NaN where it did not find it.
struct opinion {
  float score = 0, place = 0;
};

/// What is worked out while a request is served: which films the user has seen, and the score that each source gave to
/// each film. One a thread, for one request after the other; after the first it allocates nothing.
class notes {
 public:
  static constexpr std::size_t sources = 5;

  explicit notes(const catalogue& c)
      : seen_(c.films.size()),
        marked_(c.films.size()),
        touched_(sources * c.films.size()),
        found_(sources * c.films.size(), not_found),
        recent_(c.films.size()),
        latest_(c.films.size()),
        genres_(c.genres.size()) {}

  [[nodiscard]] bool seen(std::uint32_t f) const noexcept { return seen_[f] != 0; }
  [[nodiscard]] const opinion& of(std::size_t source, std::uint32_t f) const noexcept {
    return found_[f * sources + source];
  }
  void write(std::size_t source, std::uint32_t f, opinion o) noexcept {
    found_[f * sources + source] = o;
    touched_[count_++] = static_cast<std::uint32_t>(f * sources + source);
  }

 private:
  friend struct request;
  static constexpr float none = std::numeric_limits<float>::quiet_NaN();
  std::vector<std::uint8_t> seen_;
  std::vector<std::uint32_t> marked_, touched_;
  static constexpr opinion not_found{none, none};
  std::vector<opinion> found_;
  std::vector<float> recent_, latest_, genres_;
  std::size_t marks_ = 0, count_ = 0;
};

struct request {
  std::uint32_t user = 0;
  mlsd::timestamp time{};
  mlsd::sparse_row recent{};        ///< the films seen, oldest first; the weight halves every 10 films back
  mlsd::sparse_row latest{};        ///< the same, every 3 films
  std::span<const float> genres{};  ///< the share of each genre in `recent`
  user_past of_user{};
  notes* memory = nullptr;

  /// Looks up what was known of the user at that time.
  [[nodiscard]] static request make(std::uint32_t user, mlsd::timestamp time, const catalogue& c, const past& so_far,
                                    notes& memory) noexcept {
    for (std::size_t k = 0; k < memory.marks_; ++k) memory.seen_[memory.marked_[k]] = 0;
    for (std::size_t k = 0; k < memory.count_; ++k) memory.found_[memory.touched_[k]] = notes::not_found;
    memory.count_ = 0;
    const std::span<const std::uint32_t> history = so_far.seen(user, time);
    memory.marks_ = history.size();
    for (std::size_t k = 0; k < history.size(); ++k) memory.seen_[memory.marked_[k] = history[k]] = 1;

    const std::span recent = std::span(memory.recent_).first(history.size());
    const std::span latest = std::span(memory.latest_).first(history.size());
    mlsd::weigh_by_rank(recent, 10);
    mlsd::weigh_by_rank(latest, 3);
    std::fill(memory.genres_.begin(), memory.genres_.end(), 0.0f);
    float weight = 0, years = 0, year_weight = 0;
    for (std::size_t k = 0; k < history.size(); ++k) {
      const film& f = c.films[history[k]];
      for (const std::uint32_t g : f.genres) memory.genres_[g] += recent[k] / static_cast<float>(f.genres.size());
      weight += recent[k];
      years += f.year > 0 ? recent[k] * f.year : 0;
      year_weight += f.year > 0 ? recent[k] : 0;
    }
    if (weight > 0)
      for (float& g : memory.genres_) g /= weight;
    const user_state u = so_far.user_at(user, time);
    return {user,
            time,
            {history, recent},
            {history, latest},
            memory.genres_,
            {static_cast<float>(u.seen), u.seen > 0 ? u.stars / static_cast<float>(u.seen) : notes::none,
             year_weight > 0 ? years / year_weight : notes::none},
            &memory};
  }
};
