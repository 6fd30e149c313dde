// The online path of a whole system allocates nothing. This folder is a program of its own: it counts every allocation.
#include "catch.hpp"
#include "laws/whole_system.hpp"
#include "mlsd/drift/ks.hpp"
#include "mlsd/drift/psi.hpp"
#include "mlsd/metrics/log_loss.hpp"
#include "mlsd/store/materialize.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace test_allocations {
std::atomic<std::size_t> count = 0;
void* counted(std::size_t n) {
  ++count;
  if (void* p = std::malloc(n == 0 ? 1 : n)) return p;
  std::abort();
}
void* counted_at(std::size_t n, std::align_val_t to) {
  ++count;
  const auto step = static_cast<std::size_t>(to);
  if (void* p = std::aligned_alloc(step, (n + step - 1) / step * step)) return p;
  std::abort();
}
}  // namespace test_allocations

void* operator new(std::size_t n) { return test_allocations::counted(n); }
void* operator new[](std::size_t n) { return test_allocations::counted(n); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return test_allocations::counted(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return test_allocations::counted(n); }
void* operator new(std::size_t n, std::align_val_t to) { return test_allocations::counted_at(n, to); }
void* operator new[](std::size_t n, std::align_val_t to) { return test_allocations::counted_at(n, to); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace test_allocations {

/// How many allocations the call makes.
template <class Call> std::size_t allocations_of(Call&& call) {
  const std::size_t before = count;
  call();
  return count - before;
}

TEST_CASE("allocations are counted", "[allocations]") {
  CHECK(allocations_of([] { CHECK_NOTHROW(std::vector<int>(1)); }) > 0);
}

TEST_CASE("scoring one record allocates nothing, whatever is in it", "[allocations]") {
  const auto table = whole_system::table(600);
  const whole_system::system s = whole_system::train(table);
  std::vector<whole_system::event> records;
  for (std::size_t i = 0; i < 200; ++i) records.push_back(table.row(i));
  records.push_back({});
  whole_system::event odd{};
  odd.site = "a site that training never saw, too long for any small buffer";
  odd.ad = 4'000'000'000;
  odd.age = -std::numeric_limits<float>::infinity();
  records.push_back(odd);
  double sum = 0;
  CHECK(allocations_of([&] {
          for (const auto& r : records) {
            const auto row = s.trees.features()(r);
            sum += static_cast<double>(row.numbers[0]) + s.trees(r) + s.line(r) + s.trees.raw(r);
          }
        }) == 0);
  CHECK(sum == sum);
}

TEST_CASE("counting past events, metrics and drift allocate nothing while they serve", "[allocations]") {
  const auto table = whole_system::table(300);
  const whole_system::system s = whole_system::train(table);
  auto counts = mlsd::windows::make({.count = {mlsd::hours(1)}, .all_time = true, .since_last = true}).value();
  for (std::size_t i = 0; i < 100; ++i)
    static_cast<void>(counts.add(mlsd::event_key(table.row(i).ad), table.row(i).time));
  mlsd::psi psi(s.psi[0]);
  mlsd::ks ks(s.ks);
  mlsd::log_loss loss;
  psi.update(0.5f);  // the first value may set the monitors up
  ks.update(0.5);
  const auto r = table.row(200);
  std::array<float, 3> past{};
  CHECK(allocations_of([&] {
          counts.write(mlsd::event_key(r.ad, r.site), r.time, past);
          for (int i = 0; i < 100; ++i) {
            psi.update(static_cast<float>(i));
            ks.update(i);
            loss.update(0.25, i % 2);
          }
        }) == 0);
}

}  // namespace test_allocations
