// A value with 64 MB of vectors to the bytes of a checksummed file and back, against copying it with std::memcpy; and
// saving and loading a file, against std::fwrite and std::fread. Items are bytes: 1 / ns is GB/s.
#include "mlsd/archive/binary.hpp"
#include "peer.hpp"

#include <unistd.h>
#include <cstdio>
#include <string>

namespace {

struct weights {
  std::vector<float> weight = std::vector<float>(8 << 20, 0.25f);
  std::vector<double> leaf = std::vector<double>(2 << 20, 0.125);
  std::vector<std::uint32_t> code = std::vector<std::uint32_t>(4 << 20, 7);

  template <class Self, class Ar> static constexpr void describe(Self& self, Ar& ar) {
    ar("weight", self.weight);
    ar("leaf", self.leaf);
    ar("code", self.code);
  }
};
const weights& value() {
  static const weights made;
  return made;
}
const std::vector<std::byte>& bytes() {
  static const auto made = mlsd::to_bytes(value());
  return made;
}
std::string path(const char* name) { return "mlsd_bench_" + std::to_string(getpid()) + name; }

void write_plain(const std::string& to) { bench::file(to.c_str(), "wb").write(std::span<const std::byte>(bytes())); }

void to_bytes(benchmark::State& state) {
  bench::versus(
      state, bytes().size(), [] { benchmark::DoNotOptimize(mlsd::to_bytes(value())); },
      [] { benchmark::DoNotOptimize(std::vector<std::byte>(bytes())); });
}
void from_bytes(benchmark::State& state) {
  bench::versus(
      state, bytes().size(), [] { benchmark::DoNotOptimize(mlsd::from_bytes<weights>(bytes()).value()); },
      [] { benchmark::DoNotOptimize(weights(value())); });
}
void save(benchmark::State& state) {
  const std::string ours = path(".ours"), plain = path(".plain");
  bench::versus(
      state, bytes().size(), [&] { mlsd::save(ours, value()).value(); }, [&] { write_plain(plain); });
  std::remove(ours.c_str());
  std::remove(plain.c_str());
}
void load(benchmark::State& state) {
  const std::string file = path(".file");
  write_plain(file);
  bench::versus(
      state, bytes().size(), [&] { benchmark::DoNotOptimize(mlsd::load<weights>(file).value()); },
      [&] { benchmark::DoNotOptimize(bench::file(file.c_str(), "rb").read<std::byte>(bytes().size())); });
  std::remove(file.c_str());
}

BENCH_VERSUS(to_bytes);
BENCH_VERSUS(from_bytes);
BENCH_VERSUS(save);
BENCH_VERSUS(load);

}  // namespace

BENCHMARK_MAIN();
