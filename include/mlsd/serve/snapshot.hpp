#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mlsd {

/// A value, a model as a rule, that is replaced while threads read it. Nobody waits: a reader sees the old value or the
/// new one, whole, and keeps it until its view ends; the old one is freed once no view shows it.
/// Every reading thread has a `reader` of its own. A view costs a few atomic operations, no lock, no allocation;
/// `publish` allocates, and looks at every reader.
/// Memory: the current value, one for each view in progress, and none else after the next `publish` or `collect`.
/// Source: Michael, Hazard pointers (2004).
template <class T> class snapshot {
  struct version {
    T value;
    std::uint64_t number;
  };
  struct slot {
    std::atomic<const version*> shown{nullptr};
    std::atomic<bool> taken{true};
    slot* next = nullptr;
  };

 public:
  explicit snapshot(T first) : current_(new version{std::move(first), 0}) {}
  /// Requires that no reader is left.
  ~snapshot() {
    delete current_.load();
    for (const version* old : retired_) delete old;
    for (slot* s = slots_.load(); s != nullptr;) delete std::exchange(s, s->next);
  }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;

  /// What a reader sees; valid while it lives.
  class view {
   public:
    view(const view&) = delete;
    view& operator=(const view&) = delete;
    ~view() { slot_.shown.store(nullptr, std::memory_order_release); }
    [[nodiscard]] const T& operator*() const noexcept { return version_->value; }
    [[nodiscard]] const T* operator->() const noexcept { return &version_->value; }
    /// How often the value had been replaced before this one: for logs of decisions.
    [[nodiscard]] std::uint64_t number() const noexcept { return version_->number; }

   private:
    friend snapshot;
    view(slot& s, const version* v) noexcept : slot_(s), version_(v) {}
    slot& slot_;
    const version* version_;
  };

  /// A thread's right to read: make one for each thread, and keep it. One view at a time.
  class reader {
   public:
    explicit reader(snapshot& of) : of_(of), slot_(of.take_slot()) {}
    ~reader() { slot_.taken.store(false, std::memory_order_release); }
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;
    /// Not of a temporary reader: its place would be another's while the view still looks.
    [[nodiscard]] view get() && = delete;
    [[nodiscard]] view get() & noexcept {
      assert(slot_.shown.load(std::memory_order_relaxed) == nullptr);
      return {slot_, of_.show(slot_)};
    }

   private:
    snapshot& of_;
    slot& slot_;
  };

  /// Replaces the value for all views from now on. Safe from many threads; writers take turns.
  void publish(T next) {
    auto fresh = std::unique_ptr<version>(new version{std::move(next), 0});
    const std::lock_guard<std::mutex> turn(writers_);
    retired_.reserve(retired_.size() + 1);  // nothing fails behind the exchange
    fresh->number = current_.load(std::memory_order_relaxed)->number + 1;
    retired_.push_back(current_.exchange(fresh.release()));
    free_unseen();
  }
  /// Frees old values that no view shows any more. Returns how many are still shown.
  std::size_t collect() {
    const std::lock_guard<std::mutex> turn(writers_);
    free_unseen();
    return retired_.size();
  }

 private:
  [[nodiscard]] const version* show(slot& s) noexcept {
    const version* v = current_.load();
    for (;;) {
      // Sequentially consistent: either the writer sees this store, or this thread sees the writer's exchange.
      s.shown.store(v);
      const version* again = current_.load();
      if (again == v) return v;
      v = again;
    }
  }
  [[nodiscard]] slot& take_slot() {
    for (slot* s = slots_.load(); s != nullptr; s = s->next) {
      bool taken = false;
      if (s->taken.compare_exchange_strong(taken, true)) return *s;
    }
    slot* fresh = new slot;
    fresh->next = slots_.load();
    while (!slots_.compare_exchange_weak(fresh->next, fresh)) {
    }
    return *fresh;
  }
  void free_unseen() {
    std::erase_if(retired_, [this](const version* old) {
      for (const slot* s = slots_.load(); s != nullptr; s = s->next)
        if (s->shown.load() == old) return false;
      delete old;
      return true;
    });
  }

  std::atomic<version*> current_;
  std::atomic<slot*> slots_{nullptr};
  std::mutex writers_{};
  std::vector<const version*> retired_{};
};

}  // namespace mlsd
