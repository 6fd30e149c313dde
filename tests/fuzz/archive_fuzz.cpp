// libFuzzer target: hostile bytes for every reader of include/mlsd/archive.
//
//   mkdir -p corpus && cp tests/golden/*.mlsd corpus/
//   clang++ -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -Iinclude -Itests tests/fuzz/archive_fuzz.cpp -o
//   archive_fuzz
//   ./archive_fuzz corpus -max_len=16384 -rss_limit_mb=512 -runs=1000000
//
// The input is read as it is, then re-sealed, so that the readers behind the checksums are reached. What is read is
// written again: only one file may stand for a value.
#include <cstdlib>

#include "archive/sample.hpp"
#include "mlsd/archive/binary.hpp"
#include "mlsd/archive/inspect.hpp"
#include "mlsd/archive/json.hpp"
#include "mlsd/archive/reseal.hpp"

namespace {

void read_all(const std::vector<std::byte>& file) {
  (void)mlsd::inspect(file);
  const auto value = mlsd::from_bytes<test_archive::everything>(file);
  if (!value) return;
  (void)value->table.sum();
  auto again = mlsd::to_bytes(*value);
  mlsd::detail::overwrite(again, mlsd::detail::header::mode,
                          mlsd::detail::from_little_endian<std::uint32_t>(file.data() + mlsd::detail::header::mode));
  mlsd::reseal(again);
  if (again != file) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> file(size);
  if (size != 0) std::memcpy(file.data(), data, size);
  read_all(file);
  mlsd::reseal(file);
  read_all(file);

  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto value = mlsd::from_json<test_archive::everything>(text)) {
    const auto written = mlsd::to_json(*value);
    const auto back = mlsd::from_json<test_archive::everything>(written);
    if (!back || mlsd::to_json(*back) != written) std::abort();
  }
  return 0;
}
