/// How a benchmark is held against a peer in another language: `NAME --write FILE` makes the data that both read,
/// `NAME --time FILE` works on it once and prints the CPU seconds of the work and its answer. bench/peers/*.py calls
/// them by turns with the peer. Without these the program is an ordinary Google Benchmark.
#pragma once

#include "versus.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

namespace bench {

/// Files of plain values; whoever runs a benchmark wants to see it stop when a file fails.
class file {
 public:
  file(const char* path, const char* mode) : handle_(std::fopen(path, mode)) {
    if (handle_ == nullptr) stop(path);
  }
  file(const file&) = delete;
  ~file() { std::fclose(handle_); }

  template <class T> void write(std::span<const T> v) {
    if (std::fwrite(v.data(), sizeof(T), v.size(), handle_) != v.size()) stop("write");
  }
  template <class T> [[nodiscard]] std::vector<T> read(std::size_t n) {
    std::vector<T> v(n);
    if (std::fread(v.data(), sizeof(T), n, handle_) != n) stop("read");
    return v;
  }

 private:
  [[noreturn]] static void stop(const char* what) {
    std::perror(what);
    std::exit(1);
  }
  std::FILE* handle_;
};

/// `write(path)` and `answer = time(path, seconds)`, or all benchmarks.
template <class Write, class Time> int run(int argc, char** argv, Write write, Time time) {
  if (argc == 3 && std::strcmp(argv[1], "--write") == 0) return write(argv[2]), 0;
  if (argc == 3 && std::strcmp(argv[1], "--time") == 0) {
    double seconds = 0;
    const double answer = time(argv[2], seconds);
    return std::printf("%.6f %.6f\n", seconds, answer) < 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace bench
