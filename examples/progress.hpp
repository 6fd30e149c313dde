/// A progress bar for programs that people watch.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

/// "training  [#########           ]  45%  1:12 left", no longer than `columns`. The time left supposes an even pace.
[[nodiscard]] inline std::string progress_line(std::string_view label, double share, double seconds,
                                               std::size_t columns = 80) {
  share = share >= 0 ? (std::min)(share, 1.0) : 0.0;  // NaN is nothing done
  char tail[64];
  int length = std::snprintf(tail, sizeof tail, "] %3d%%", static_cast<int>(100 * share));
  const double left = share > 0 ? seconds * (1 - share) / share : -1;
  if (left >= 0 && left < 360'000) {
    const auto s = static_cast<long>(left + 0.5);
    if (s < 3600)
      length += std::snprintf(tail + length, sizeof tail - 16, "  %ld:%02ld left", s / 60, s % 60);
    else
      length += std::snprintf(tail + length, sizeof tail - 16, "  %ld:%02ld h left", s / 3600, s / 60 % 60);
  }
  const std::size_t fixed = label.size() + 3 + static_cast<std::size_t>(length);
  const std::size_t width = columns > fixed + 4 ? (std::min)(columns - fixed, std::size_t{40}) : 4;
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string line(label);
  line += "  [" + std::string(full, '#') + std::string(width - full, ' ') +
          std::string(tail, static_cast<std::size_t>(length));
  return line.substr(0, columns);
}

/// Shows how far a loop has come: `progress bar{"training", trees}; ... bar.update(done);`
///
/// On a terminal only (stderr); it appears after a second, is drawn at most ten times a second, and erases itself.
/// An update that draws nothing costs a comparison. For one thread.
class progress {
  using clock = std::chrono::steady_clock;

 public:
  progress(std::string_view label, std::size_t total)
      : label_(label), total_(total), step_((std::max)(std::size_t{1}, total / 1000)) {
    if (isatty(STDERR_FILENO) != 1) next_ = never;
  }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress() { erase(); }

  /// `done` of `total` steps are behind us.
  void update(std::size_t done) noexcept {
    if (done < next_) return;
    next_ = done + step_;
    const auto now = clock::now();
    if (now - start_ < std::chrono::seconds(1) || now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    visible_ = true;
    const double share = total_ == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total_);
    std::fprintf(stderr, "\r%s\x1b[K",
                 progress_line(label_, share, std::chrono::duration<double>(now - start_).count()).c_str());
  }

  /// Takes the bar off the screen; the destructor does so too.
  void erase() noexcept {
    if (visible_) std::fputs("\r\x1b[K", stderr);
    visible_ = false;
  }

 private:
  static constexpr std::size_t never = static_cast<std::size_t>(-1);
  std::string label_;
  std::size_t total_, step_, next_ = 0;
  clock::time_point start_ = clock::now(), drawn_{};
  bool visible_ = false;
};
