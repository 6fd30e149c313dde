#pragma once

#include "mlsd/core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace mlsd {

/// What became of a case that was offered to the queue.
enum class review_outcome : std::uint8_t {
  queued,
  queued_instead,  ///< the queue was full: the least urgent case left it, unseen
  refused          ///< the queue was full of cases at least as urgent
};

/// Cases for people, the most urgent first, the older first of two alike; never more than `capacity`. What people say
/// comes back as labels: `answer(ticket, label, learn)`.
/// `offer` and `next` cost O(log capacity), except that a full queue looks for its least urgent case in O(capacity).
/// Allocates when made, and where a case does when it is copied. Not synchronised: one lock around it is enough, for people are slow.
template <class Case> class review_queue {
 public:
  /// A case that somebody looks at.
  struct assignment {
    std::uint64_t ticket = 0;
    double priority = 0;
    Case subject{};
  };

  review_queue(review_queue&&) noexcept = default;  // a copy would lack the room that is reserved
  review_queue& operator=(review_queue&&) noexcept = default;

  /// `open` bounds the cases that people have taken and not yet answered.
  [[nodiscard]] static result<review_queue> make(std::size_t capacity, std::size_t open = 1024) {
    if (capacity == 0 || open == 0) return error{errc::invalid_argument, "review queue: no room for a single case"};
    review_queue q;
    q.capacity_ = capacity;
    q.open_capacity_ = open;
    q.waiting_.reserve(capacity);
    q.open_.reserve(open);
    return q;
  }

  /// A NaN priority is the most urgent of all: its model is broken.
  review_outcome offer(Case subject, double priority) noexcept {
    if (priority != priority) priority = (std::numeric_limits<double>::infinity)();
    auto outcome = review_outcome::queued;
    if (waiting_.size() == capacity_) {
      const auto least = std::min_element(waiting_.begin(), waiting_.end(), later{});
      if (!(least->priority < priority)) {
        ++lost_;
        return review_outcome::refused;
      }
      take_out(waiting_, least);
      std::make_heap(waiting_.begin(), waiting_.end(), later{});
      ++lost_;
      outcome = review_outcome::queued_instead;
    }
    waiting_.push_back({next_ticket_++, priority, std::move(subject)});
    std::push_heap(waiting_.begin(), waiting_.end(), later{});
    return outcome;
  }

  /// The most urgent case, for a person to answer; nothing if none waits or too many are unanswered.
  [[nodiscard]] std::optional<assignment> next() {
    if (waiting_.empty() || open_.size() == open_capacity_) return std::nullopt;
    std::pop_heap(waiting_.begin(), waiting_.end(), later{});
    open_.push_back(std::move(waiting_.back()));
    waiting_.pop_back();
    return open_.back();
  }
  /// A person's verdict: calls `learn(const Case&, label)` with it. False if no such case is open (answered before).
  template <class Label, class Learn> bool answer(std::uint64_t ticket, const Label& label, Learn&& learn) {
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const assignment& a) { return a.ticket == ticket; });
    if (at == open_.end()) return false;
    learn(std::as_const(at->subject), label);
    take_out(open_, at);
    return true;
  }
  /// Gives a case back to the queue, unanswered, with its old urgency. False if no such case is open, or no room is.
  bool give_back(std::uint64_t ticket) noexcept {
    const auto at = std::find_if(open_.begin(), open_.end(), [&](const assignment& a) { return a.ticket == ticket; });
    if (at == open_.end() || waiting_.size() == capacity_) return false;
    waiting_.push_back(std::move(*at));
    std::push_heap(waiting_.begin(), waiting_.end(), later{});
    take_out(open_, at);
    return true;
  }

  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }
  /// Cases that were refused or pushed out.
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

 private:
  /// A heap's order: the most urgent on top; of two alike the older.
  struct later {
    [[nodiscard]] bool operator()(const assignment& a, const assignment& b) const noexcept {
      return a.priority < b.priority || (!(b.priority < a.priority) && a.ticket > b.ticket);
    }
  };
  review_queue() = default;
  using assignments = std::vector<assignment>;
  static void take_out(assignments& from, typename assignments::iterator at) noexcept {
    if (at != from.end() - 1) *at = std::move(from.back());
    from.pop_back();
  }

  std::size_t capacity_ = 0, open_capacity_ = 0;
  assignments waiting_{}, open_{};
  std::uint64_t next_ticket_ = 0, lost_ = 0;
};

}  // namespace mlsd
