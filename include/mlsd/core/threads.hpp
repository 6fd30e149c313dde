#pragma once

#include "mlsd/core/executor.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace mlsd {

/// A small pool of threads; an `executor`. `threads{2}` uses two threads: one worker and the caller. Whoever waits, for
/// work or for the others, looks for some tens of microseconds before it sleeps: waking a thread costs more than most
/// tasks. A worker that comes after the caller has found no task left is not waited for. Start-up and `for_each_index`
/// allocate nothing but the pool itself. Not re-entrant: a task must not call the pool. One caller at a time; the
/// destructor joins the workers.
class threads {
 public:
  /// 0 means as many as the machine has.
  template <class = void> explicit threads(std::size_t count = 0) {
    const std::size_t processors = std::thread::hardware_concurrency();
    if (count == 0) count = (std::max)(std::size_t{1}, processors);
    looks_ = count <= processors ? 4000 : 0;
    workers_.reserve(count - 1);
    for (std::size_t i = 1; i < count; ++i) workers_.emplace_back([this] { work(); });
  }
  threads(const threads&) = delete;
  threads& operator=(const threads&) = delete;
  ~threads() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (auto& w : workers_) w.join();
  }

  [[nodiscard]] std::size_t concurrency() const noexcept { return workers_.size() + 1; }

  template <class F> void for_each_index(std::size_t n, F&& f) {
    if (workers_.empty() || n <= 1) return sequential::for_each_index(n, f);
    {
      const std::lock_guard lock(mutex_);
      call_ = [](void* fn, std::size_t i) { (*static_cast<std::remove_reference_t<F>*>(fn))(i); };
      task_ = const_cast<void*>(static_cast<const void*>(&f));
      count_ = n;
      next_.store(0, std::memory_order_relaxed);
      inside_.store(open, std::memory_order_release);
      round_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    take_indices();
    const auto done = [this] { return inside_.load(std::memory_order_acquire) == 0; };
    inside_.fetch_sub(open, std::memory_order_acq_rel);
    if (soon(done)) return;
    std::unique_lock lock(mutex_);
    done_.wait(lock, done);
  }

 private:
  template <class = void> void take_indices() {
    for (std::size_t i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count_;) call_(task_, i);
  }
  /// Joins the latest call; false if it is over.
  template <class = void> [[nodiscard]] bool enter() noexcept {
    std::size_t now = inside_.load(std::memory_order_relaxed);
    while (now >= open)
      if (inside_.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel, std::memory_order_relaxed))
        return true;
    return false;
  }
  template <class = void> void work() {
    for (std::uint64_t seen = 0;;) {
      const auto called = [&] {
        return stop_.load(std::memory_order_relaxed) || round_.load(std::memory_order_acquire) != seen;
      };
      if (!soon(called)) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, called);
      }
      if (stop_.load(std::memory_order_relaxed)) return;
      seen = round_.load(std::memory_order_acquire);
      if (!enter()) continue;
      take_indices();
      if (inside_.fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
      const std::lock_guard lock(mutex_);
      done_.notify_one();
    }
  }
  /// True if it becomes true while looking, for 50 to 200 us with x86's pause, as long as waking takes; not at all
  /// where others need the processor.
  template <class Condition> [[nodiscard]] bool soon(Condition&& is_true) const noexcept {
    for (int look = 0; look < looks_; ++look) {
      if (is_true()) return true;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
    return false;
  }

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  void (*call_)(void*, std::size_t) = nullptr;
  void* task_ = nullptr;
  std::size_t count_ = 0;
  static constexpr std::size_t open = ~(~std::size_t{0} >> 1);
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> inside_{0};  // workers that take tasks, plus `open` while others may join them
  std::atomic<std::uint64_t> round_{0};
  std::atomic<bool> stop_{false};
  int looks_ = 0;
};

}  // namespace mlsd
