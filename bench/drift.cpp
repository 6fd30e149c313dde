// One value through ADWIN, against a textbook implementation of the same detector: a list of rows of buckets, means and
// variance of the window kept up to date at every value, and the bound of every border evaluated as it is written. Both
// alarm at the same values. Streams of a million: no change (the window grows to all of it), and a change of the error
// rate every 5,000. Then Page-Hinkley against a loop with the formula written out. Against river:
// bench/peers/river_drift.py.
#include "mlsd/core/random.hpp"
#include "mlsd/drift/adwin.hpp"
#include "mlsd/drift/page_hinkley.hpp"
#include "peer.hpp"
#include "versus.hpp"

#include <cmath>
#include <deque>
#include <list>
#include <vector>

namespace {

constexpr std::size_t values = 1'000'000;

/// 0/1 errors; the rate changes every `stretch` values between .2 and .4.
std::vector<double> errors(std::size_t stretch) {
  mlsd::random_stream random(5);
  std::vector<double> x(values);
  for (std::size_t i = 0; i < values; ++i) x[i] = random.bernoulli(i / stretch % 2 == 0 ? 0.2 : 0.4);
  return x;
}
const std::vector<double>& stream(std::int64_t stretch) {
  static const std::vector<double> still = errors(values), moving = errors(5'000);
  return stretch == 0 ? still : moving;
}

class textbook_adwin {
 public:
  bool update(double x) {
    if (rows_.empty()) rows_.emplace_back();
    rows_.front().push_back({x, 0});
    ++width_;
    if (width_ > 1) {
      const double off = x - total_ / (width_ - 1);
      variance_ += (width_ - 1) * off * off / width_;
    }
    total_ += x;
    compress();
    return ++ticks_ % 32 == 0 && width_ > 10 && shrink();
  }

 private:
  struct bucket {
    double total, variance;
  };
  void compress() {
    double length = 1;
    for (auto row = rows_.begin(); row != rows_.end() && row->size() > 5; ++row, length *= 2) {
      if (std::next(row) == rows_.end()) rows_.emplace_back();
      const bucket a = (*row)[0], b = (*row)[1];
      const double off = a.total / length - b.total / length;
      std::next(row)->push_back(
          {a.total + b.total, a.variance + b.variance + length * length * off * off / (2 * length)});
      row->pop_front();
      row->pop_front();
    }
  }
  bool shrink() {
    bool changed = false;
    while (cut()) {
      changed = true;
      const double length = std::ldexp(1.0, static_cast<int>(rows_.size()) - 1);
      const bucket old = rows_.back().front();
      width_ -= length;
      total_ -= old.total;
      const double off = old.total / length - total_ / width_;
      variance_ -= old.variance + length * width_ * off * off / (length + width_);
      rows_.back().pop_front();
      while (!rows_.empty() && rows_.back().empty()) rows_.pop_back();
    }
    return changed;
  }
  bool cut() const {
    double n0 = 0, u0 = 0, length = std::ldexp(1.0, static_cast<int>(rows_.size()) - 1);
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row, length /= 2)
      for (const bucket& b : *row) {
        n0 += length;
        u0 += b.total;
        const double n1 = width_ - n0;
        if (n0 < 5 || n1 < 5) continue;
        const double l = std::log(2 * std::log(width_) / 0.002), h = 1 / (n0 - 4) + 1 / (n1 - 4);
        const double bound = std::sqrt(2 * h * (variance_ / width_) * l) + 2.0 / 3 * l * h;
        if (std::fabs(u0 / n0 - (total_ - u0) / n1) > bound) return true;
      }
    return false;
  }

  std::list<std::deque<bucket>> rows_;
  double width_ = 0, total_ = 0, variance_ = 0;
  std::uint64_t ticks_ = 0;
};

template <class Detector> std::size_t alarms(const std::vector<double>& x, Detector d = {}) {
  std::size_t n = 0;
  for (const double v : x) {
    if constexpr (requires { d.update(v).drifted; })
      n += d.update(v).drifted;
    else
      n += d.update(v);
  }
  return n;
}

void adwin(benchmark::State& state) {
  const std::vector<double>& x = stream(state.range(0));
  if (alarms<mlsd::adwin>(x) != alarms<textbook_adwin>(x)) return state.SkipWithError("the alarms differ");
  bench::versus(
      state, values, [&] { benchmark::DoNotOptimize(alarms<mlsd::adwin>(x)); },
      [&] { benchmark::DoNotOptimize(alarms<textbook_adwin>(x)); });
  state.counters["alarms"] = static_cast<double>(alarms<mlsd::adwin>(x));
}
BENCH_VERSUS(adwin)->Arg(0)->Arg(5000);

/// Page-Hinkley as its papers write it, two-sided.
struct textbook_page_hinkley {
  double mean = 0, n = 0, up = 0, down = 0, lowest = 0, highest = 0;
  bool update(double x) {
    n += 1;
    mean += (x - mean) / n;
    up = 0.9999 * up + (x - mean - 0.005);
    down = 0.9999 * down + (x - mean + 0.005);
    if (n == 1 || up < lowest) lowest = up;
    if (n == 1 || down > highest) highest = down;
    const bool drifted = n >= 30 && (up - lowest > 50 || highest - down > 50);
    if (drifted) *this = {};
    return drifted;
  }
};

void page_hinkley(benchmark::State& state) {
  const std::vector<double>& x = stream(5000);
  if (alarms<mlsd::page_hinkley>(x) != alarms<textbook_page_hinkley>(x))
    return state.SkipWithError("the alarms differ");
  bench::versus(
      state, values, [&] { benchmark::DoNotOptimize(alarms<mlsd::page_hinkley>(x)); },
      [&] { benchmark::DoNotOptimize(alarms<textbook_page_hinkley>(x)); });
}
BENCH_VERSUS(page_hinkley);

}  // namespace

int main(int argc, char** argv) {
  return bench::run(
      argc, argv,
      [](const char* path) {
        bench::file out(path, "wb");
        out.write(std::span(stream(5000)));
      },
      [](const char* path, double& seconds) {
        bench::file in(path, "rb");
        const auto x = in.read<double>(values);
        const double start = bench::cpu_seconds();
        const std::size_t n = alarms(x, mlsd::adwin({.after = mlsd::after_change::reset}));
        seconds = bench::cpu_seconds() - start;
        return static_cast<double>(n);
      });
}
