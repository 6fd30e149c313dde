#include "mlsd/core/random.hpp"

#include "catch.hpp"
#include "mlsd/core/hash.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

namespace test_random {

using namespace mlsd;

// The known-answer vectors of Random123, the implementation of the paper's authors.
using words4 = std::array<std::uint32_t, 4>;
static_assert(philox4x32({0, 0, 0, 0}, {0, 0}) == words4{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              words4{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              words4{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
static_assert(std::uniform_random_bit_generator<random_stream>);

TEST_CASE("random: a stream is Philox, counter and stream number in the counter, seed in the key") {
  const random_stream r(0x299f31d0a4093822, 0x0370734413198a2e);
  const std::uint64_t block = 0x85a308d3243f6a88 & ~(std::uint64_t{1} << 63);
  const words4 w = philox4x32({0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
  CHECK(r.at(2 * block) == (w[0] | std::uint64_t{w[1]} << 32));
  CHECK(r.at(2 * block + 1) == (w[2] | std::uint64_t{w[3]} << 32));
}

TEST_CASE("random: sequence, random access and seek agree") {
  random_stream r{7, 3};
  for (std::uint64_t i = 0; i < 100; ++i) {
    CHECK(r.position() == i);
    REQUIRE(r.next() == random_stream{7, 3}.at(i));
  }
  for (const std::uint64_t i : {std::uint64_t{51}, std::uint64_t{4}, std::uint64_t{4'000'000'001}, ~std::uint64_t{0}}) {
    r.seek(i);
    REQUIRE(r.next() == random_stream{7, 3}.at(i));
  }
  CHECK(random_stream{7, 3}.at(0) != random_stream{7, 4}.at(0));
  CHECK(random_stream{7, 3}.at(0) != random_stream{8, 3}.at(0));
}

struct moments {
  double mean = 0, variance = 0, skew = 0;
};
template <class F> moments moments_of(F draw, std::size_t n) {
  std::vector<double> x(n);
  for (double& v : x) v = static_cast<double>(draw());
  moments m;
  const double size = static_cast<double>(n);
  for (const double v : x) m.mean += v / size;
  for (const double v : x) m.variance += (v - m.mean) * (v - m.mean) / size;
  for (const double v : x) m.skew += (v - m.mean) * (v - m.mean) * (v - m.mean) / size / std::pow(m.variance, 1.5);
  return m;
}
constexpr std::size_t draws = 40'000;
/// Mean and variance within five standard errors; `kurtosis` of the distribution (3 for the normal).
void check_moments(const moments& m, double mean, double variance, double kurtosis) {
  CHECK(std::fabs(m.mean - mean) < 5 * std::sqrt(variance / draws));
  CHECK(std::fabs(m.variance - variance) < 5 * variance * std::sqrt((kurtosis - 1) / draws));
}
/// Pearson's statistic less its mean, in standard deviations.
double chi_squared_excess(const std::vector<double>& observed, const std::vector<double>& expected) {
  double x = 0;
  for (std::size_t i = 0; i < observed.size(); ++i)
    x += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
  const double freedom = static_cast<double>(observed.size() - 1);
  return (x - freedom) / std::sqrt(2 * freedom);
}

TEST_CASE("random: uniform numbers") {
  random_stream r{1};
  check_moments(moments_of([&] { return r.uniform(); }, draws), 0.5, 1.0 / 12, 1.8);
  check_moments(moments_of([&] { return r.uniform_float(); }, draws), 0.5, 1.0 / 12, 1.8);
  std::vector<double> count(100);
  for (std::size_t i = 0; i < draws; ++i) count[static_cast<std::size_t>(r.uniform() * 100)] += 1;
  CHECK(std::fabs(chi_squared_excess(count, std::vector<double>(100, draws / 100.0))) < 4);
  CHECK(random_stream::to_uniform(0) == 0);
  CHECK(random_stream::to_uniform(~std::uint64_t{0}) == 1 - 0x1p-53);
  CHECK(random_stream::to_open_uniform(0) == 0x1p-53);
  CHECK(random_stream::to_open_uniform(~std::uint64_t{0}) == 1 - 0x1p-53);
  for (std::size_t i = 0; i < draws; ++i) REQUIRE(r.uniform_float() < 1);
}

TEST_CASE("random: integers without bias") {
  random_stream r{2};
  for (const std::uint64_t n : {1u, 2u, 3u, 10u, 97u}) {
    std::vector<double> count(n);
    for (std::size_t i = 0; i < draws; ++i) count[r.uniform_int(n)] += 1;
    if (n > 1) CHECK(std::fabs(chi_squared_excess(count, std::vector<double>(n, draws / static_cast<double>(n)))) < 4);
  }
  // 3 * 2^62: a word modulo n would fall in the first third twice as often as in the others.
  const std::uint64_t n = std::uint64_t{3} << 62;
  double first_third = 0;
  for (std::size_t i = 0; i < draws; ++i) {
    const std::uint64_t x = r.uniform_int(n);
    REQUIRE(x < n);
    first_third += x < n / 3;
  }
  CHECK(std::fabs(first_third / draws - 1.0 / 3) < 5 * std::sqrt(2.0 / 9 / draws));
  CHECK(r.uniform_int(1) == 0);
}

TEST_CASE("random: bernoulli, with the ends exact") {
  random_stream r{3};
  double yes = 0;
  for (std::size_t i = 0; i < draws; ++i) {
    yes += r.bernoulli(0.3);
    REQUIRE_FALSE(r.bernoulli(0));
    REQUIRE_FALSE(r.bernoulli(std::numeric_limits<double>::quiet_NaN()));
    REQUIRE(r.bernoulli(1));
  }
  CHECK(std::fabs(yes / draws - 0.3) < 5 * std::sqrt(0.21 / draws));
}

TEST_CASE("random: normal and exponential") {
  random_stream r{4};
  check_moments(moments_of([&] { return r.normal(); }, draws), 0, 1, 3);
  check_moments(moments_of([&] { return r.normal(10, 2); }, draws), 10, 4, 3);
  check_moments(moments_of([&] { return r.exponential(); }, draws), 1, 1, 9);
  // Kolmogorov's distance from the distribution function; 1.95 / sqrt(n) has a chance of 0.001.
  std::vector<double> x(draws);
  for (double& v : x) v = r.normal();
  std::sort(x.begin(), x.end());
  double distance = 0;
  for (std::size_t i = 0; i < draws; ++i)
    distance = (std::max)(distance, std::fabs(math::normal_cdf(x[i]) - (static_cast<double>(i) + 0.5) / draws));
  CHECK(distance < 1.95 / std::sqrt(static_cast<double>(draws)));
  // One word each: number i of a stream of normal numbers can be had alone.
  random_stream a{9}, b{9};
  (void)a.normal();
  b.seek(1);
  CHECK(a.normal() == b.normal());
}

TEST_CASE("random: gamma and beta have their moments, for small shapes too") {
  random_stream r{5};
  for (const double k : {0.1, 0.5, 1.0, 2.5, 50.0})
    check_moments(moments_of([&] { return r.gamma(k); }, draws), k, k, 3 + 6 / k);
  for (const auto& [a, b] : {std::pair{0.5, 0.5}, std::pair{1.0, 3.0}, std::pair{20.0, 5.0}}) {
    const double s = a + b;
    check_moments(moments_of([&] { return r.beta(a, b); }, draws), a / s, a * b / (s * s * (s + 1)), 4);
  }
  double high = 0;
  for (int i = 0; i < 2000; ++i) {  // gamma(1e-4) underflows most of the time; beta must not become 0 / 0
    const double x = r.beta(1e-4, 1e-4);
    REQUIRE((x >= 0 && x <= 1));
    high += x > 0.5;
    REQUIRE(r.gamma(1e-4) >= 0);
  }
  CHECK(std::fabs(high - 1000) < 5 * std::sqrt(500.0));
}

TEST_CASE("random: poisson, small means by probability, large ones by moments") {
  random_stream r{6};
  for (const double mean : {0.3, 3.0, 9.9, 10.1, 40.0}) {
    const std::size_t top = static_cast<std::size_t>(mean + 4 * std::sqrt(mean));
    std::vector<double> seen(top + 2), expected(top + 2);
    double p = std::exp(-mean), left = 1;
    for (std::size_t k = 0; k <= top; p *= mean / static_cast<double>(++k)) expected[k] = p * draws, left -= p;
    expected[top + 1] = left * draws;
    for (std::size_t i = 0; i < draws; ++i) seen[(std::min<std::size_t>)(r.poisson(mean), top + 1)] += 1;
    INFO(mean);
    // Cells that expect less than 5 are joined to their neighbour.
    for (std::size_t k = seen.size() - 1; k > 0; --k)
      if (expected[k] < 5) {
        expected[k - 1] += expected[k], seen[k - 1] += seen[k];
        expected.pop_back(), seen.pop_back();
      } else {
        break;
      }
    while (expected.front() < 5) {
      expected[1] += expected[0], seen[1] += seen[0];
      expected.erase(expected.begin()), seen.erase(seen.begin());
    }
    CHECK(std::fabs(chi_squared_excess(seen, expected)) < 4);
  }
  for (const double mean : {1000.0, 1e6, 1e12})
    check_moments(moments_of([&] { return r.poisson(mean); }, draws), mean, mean, 3);
  CHECK(r.poisson(0) == 0);
  for (int k = 0; k < 170; ++k)  // std::lgamma as the other implementation
    REQUIRE(detail::log_factorial(k) == Approx(std::lgamma(k + 1.0)).epsilon(1e-14).margin(1e-14));
}

TEST_CASE("random: categorical follows the weights and never takes a zero") {
  random_stream r{7};
  const std::vector<double> weights{0, 1, 0, 3, 6, 0};
  std::vector<double> count(6);
  for (std::size_t i = 0; i < draws; ++i) count[r.categorical(weights)] += 1;
  CHECK(count[0] + count[2] + count[5] == 0);
  CHECK(std::fabs(chi_squared_excess({count[1], count[3], count[4]}, {draws * 0.1, draws * 0.3, draws * 0.6})) < 4);
  CHECK(r.categorical(std::vector<double>{5}) == 0);
  CHECK(r.categorical(std::vector<double>{0, 1e-300, 0}) == 1);
}

TEST_CASE("random: every order of four things is alike") {
  random_stream r{8};
  std::vector<double> count(256);
  for (std::size_t i = 0; i < draws; ++i) {
    std::array<unsigned, 4> x{0, 1, 2, 3};
    r.shuffle(x);
    count[x[0] + 4 * x[1] + 16 * x[2] + 64 * x[3]] += 1;
  }
  std::erase(count, 0.0);
  REQUIRE(count.size() == 24);
  CHECK(std::fabs(chi_squared_excess(count, std::vector<double>(24, draws / 24.0))) < 4);
  std::vector<int> none;
  r.shuffle(none);
  std::vector<int> half{1, 2, 3, 4, 5, 6};
  r.shuffle(std::span(half).first(3));
  CHECK(std::equal(half.begin() + 3, half.end(), std::begin({4, 5, 6})));
}

TEST_CASE("random: samples are sorted, distinct, and every subset is alike") {
  random_stream r{9};
  std::vector<double> by_selection(32), by_insertion(1024);
  for (std::size_t i = 0; i < draws; ++i) {
    std::array<std::uint32_t, 3> three{};
    r.sample(5, std::span<std::uint32_t>(three));
    REQUIRE((three[0] < three[1] && three[1] < three[2] && three[2] < 5));
    by_selection[(1u << three[0]) | (1u << three[1]) | (1u << three[2])] += 1;
    std::array<std::uint64_t, 2> two{};
    r.sample(10, std::span<std::uint64_t>(two));
    REQUIRE((two[0] < two[1] && two[1] < 10));
    by_insertion[(1u << two[0]) | (1u << two[1])] += 1;
  }
  std::erase(by_selection, 0.0);
  std::erase(by_insertion, 0.0);
  REQUIRE(by_selection.size() == 10);
  REQUIRE(by_insertion.size() == 45);
  CHECK(std::fabs(chi_squared_excess(by_selection, std::vector<double>(10, draws / 10.0))) < 4);
  CHECK(std::fabs(chi_squared_excess(by_insertion, std::vector<double>(45, draws / 45.0))) < 4);

  std::vector<std::uint64_t> all(7), few(100), none;
  r.sample(7, std::span(all));
  CHECK(all == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6});
  r.sample(0, std::span(none));
  r.sample(~std::uint64_t{0}, std::span(few));
  CHECK(std::adjacent_find(few.begin(), few.end(), std::greater_equal<>{}) == few.end());
}

TEST_CASE("random: a copy goes on alike; equality is of the whole state") {
  random_stream a{1, 2};
  (void)a.next();
  random_stream b = a;
  CHECK(a == b);
  CHECK(a.gamma(2) == b.gamma(2));
  CHECK(a == b);
  (void)a.next();
  CHECK_FALSE(a == b);
}

struct fields {
  std::vector<std::uint64_t> values;
  void operator()(const char*, const std::uint64_t& x) { values.push_back(x); }
};
struct refill {
  std::vector<std::uint64_t> values;
  std::size_t i = 0;
  void operator()(const char*, std::uint64_t& x) { x = values[i++]; }
};
TEST_CASE("random: the described fields are the whole state") {
  random_stream a{1, 2}, b;
  for (int i = 0; i < 3; ++i) (void)a.next();
  fields saved;
  random_stream::describe(std::as_const(a), saved);
  refill loaded{saved.values};
  random_stream::describe(b, loaded);
  CHECK(a == b);
  CHECK(a.next() == b.next());
}

// Golden: g++ 12 and clang 16, -O0 to -O3, with and without -march=native, -mfma and -ffp-contract=off, all agree.
TEST_CASE("random: the same numbers in every build") {
  random_stream r{42};
  std::uint64_t h = 0;
  const auto put = [&h](auto x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof x);
    h = combine(h, bits);
  };
  const std::vector<double> weights{0.1, 0.2, 0.3, 0.15};
  for (int i = 0; i < 2000; ++i) {
    put(r.uniform());
    put(r.uniform_int(1000));
    put(r.normal(1, 3));
    put(r.exponential());
    put(r.gamma(0.7));
    put(r.gamma(3));
    put(r.beta(2, 3));
    put(r.poisson(4));
    put(r.poisson(400));
    put(std::uint64_t{r.categorical(weights)});
  }
  CHECK(h == 0xf54fd9ab15dbfa83);
}

}  // namespace test_random
