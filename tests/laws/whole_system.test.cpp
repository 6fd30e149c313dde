#include "laws/whole_system.hpp"

#include "catch.hpp"
#include "laws/bits_file.hpp"
#include "mlsd/archive/fingerprint.hpp"
#include "mlsd/core/threads.hpp"

#include <bit>
#include <cstdint>
#include <vector>

namespace test_whole_system {

using whole_system::system;

/// How many of the scores of two runs differ in a bit.
std::size_t different(const std::vector<double>& a, const std::vector<double>& b) {
  std::size_t n = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    n += std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i]);
  return n;
}

std::uint64_t bits_of(const std::vector<double>& v) {
  std::uint64_t h = 0;
  for (const double x : v) h = mlsd::combine(h, std::bit_cast<std::uint64_t>(x));
  return h;
}

TEST_CASE("a whole system: row, batch, subset, threads and file give the same bits", "[threads]") {
  const auto rows = whole_system::table(3000), fresh = whole_system::table(2500, 2);
  const system s = whole_system::train(rows);
  const auto loaded = mlsd::from_bytes<system>(mlsd::to_bytes(s));
  REQUIRE(loaded);
  const std::vector<double> batch = s.trees(fresh), line = s.line(fresh);

  std::vector<double> one_by_one, one_by_one_line, from_file;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    one_by_one.push_back(s.trees(fresh.row(i)));
    one_by_one_line.push_back(s.line(fresh.row(i)));
    from_file.push_back(loaded->trees(fresh.row(i)));
  }
  CHECK(different(one_by_one, batch) == 0);
  CHECK(different(one_by_one_line, line) == 0);
  CHECK(different(from_file, batch) == 0);
  CHECK(different(loaded->line(fresh), line) == 0);

  const std::vector<double> tail = s.trees(fresh.slice(1023, 1100));
  CHECK(different(tail, {batch.begin() + 1023, batch.begin() + 2123}) == 0);
  const std::size_t some[] = {7, 2400, 7, 0, 1024};
  const std::vector<double> picked = s.trees(fresh.gather(some));
  for (std::size_t k = 0; k < 5; ++k) CHECK(picked[k] == batch[some[k]]);
  mlsd::threads pool(3);
  CHECK(different(s.trees(fresh, pool), batch) == 0);
}

TEST_CASE("a whole system: the same fingerprint for any number of threads", "[threads]") {
  const auto rows = whole_system::table(1500);
  const std::uint64_t alone = mlsd::fingerprint(whole_system::train(rows));
  for (const std::size_t n : {1u, 2u, 3u}) {
    mlsd::threads pool(n);
    CHECK(mlsd::fingerprint(whole_system::train(rows, pool)) == alone);
  }
}

// The bits of fitted parameters and scores, for the comparison of programs built with other flags; and pinned here,
// so that every compiler and every change is held to them.
TEST_CASE("a whole system: the same bits under all flags and compilers") {
  const system s = whole_system::train(whole_system::table(3000));
  const auto fresh = whole_system::table(2000, 3);
  const std::uint64_t bits[] = {mlsd::fingerprint(s.trees.features()), mlsd::fingerprint(s), bits_of(s.trees(fresh)),
                                bits_of(s.line(fresh))};
  const std::uint64_t pinned[] = {17599192367184337455u, 15325792459213316464u, 12751527001559314508u,
                                  15200128822720579714u};
  const char* names[] = {"features of the system", "system", "trees of the system", "line of the system"};
  for (std::size_t k = 0; k < 4; ++k) {
    INFO(names[k]);
    test_laws::note_bits(names[k], bits[k]);
    CHECK(bits[k] == pinned[k]);
  }
}

}  // namespace test_whole_system
