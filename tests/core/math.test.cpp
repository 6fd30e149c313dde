#include "mlsd/core/math.hpp"

#include "catch.hpp"
#include "mlsd/core/hash.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace test_math {

using namespace mlsd;

template <class T> constexpr T nan_of_type = std::numeric_limits<T>::quiet_NaN();
template <class T> constexpr T infinity_of_type = std::numeric_limits<T>::infinity();
constexpr double infinity = infinity_of_type<double>;

/// Distance of `got` from `want` in units of the last place of a T of that size.
template <class T> double ulps(T got, long double want) {
  int exponent = 0;
  std::frexp(want, &exponent);
  exponent = (std::max)(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
  return static_cast<double>(std::fabs((static_cast<long double>(got) - want) / std::ldexp(1.0L, exponent)));
}

/// The largest error of f against `reference` on [a, b].
template <class T, class F, class G> double worst(F f, G reference, double a, double b) {
  double most = 0;
  std::uint64_t state = 1;
  for (int i = 0; i < 4000; ++i) {
    state = hash_mix(state);
    const T x = static_cast<T>(a + (b - a) * (static_cast<double>(state >> 11) * 0x1p-53));
    most = (std::max)(most, ulps(f(x), reference(static_cast<long double>(x))));
  }
  return most;
}

struct point {
  double x, y;
};
template <class F, std::size_t N> void check_points(F f, const point (&points)[N], double bound) {
  for (const point& p : points) {
    INFO(p.x);
    CHECK(ulps(f(p.x), static_cast<long double>(p.y)) <= bound);
  }
}

// Golden values from mpmath 1.3 at 40 digits, rounded to double: half an ulp more than the documented bound.
TEST_CASE("math: published functions at chosen points, to the documented error") {
  check_points([](double x) { return math::exp(x); },
               {{0, 1},
                {1, 0x1.5bf0a8b145769p+1},
                {-1, 0x1.78b56362cef38p-2},
                {0x1.999999999999ap-4, 0x1.1aec7b35a00d4p+0},
                {10, 0x1.5829dcf950560p+14},
                {-10, 0x1.7cd79b5647c9bp-15},
                {700, 0x1.d945df4f8ec8ep+1009},
                {-740, 0x0.0000000000055p-1022},
                {0x1.4f8b588e368f1p-17, 0x1.0000a7c5e340ep+0}},
               1.45);
  check_points([](double x) { return math::exp_minus_one(x); },
               {{1, 0x1.b7e151628aed3p+0},
                {-1, -0x1.43a54e4e98864p-1},
                {0x1.b7cdfd9d7bdbbp-34, 0x1.b7cdfd9dda4e3p-34},
                {0.5, 0x1.4c2531c3c0d38p-1},
                {-0.5, -0x1.92e9a0720d3ecp-2},
                {30, 0x1.370470aec26edp+43},
                {-30, -0x1.ffffffffffcb5p-1},
                {700, 0x1.d945df4f8ec8ep+1009},
                {5e-324, 5e-324},
                {1e-300, 1e-300}},
               1.7);
  check_points([](double x) { return math::log(x); },
               {{1, 0},
                {2, 0x1.62e42fefa39efp-1},
                {0.5, -0x1.62e42fefa39efp-1},
                {10, 0x1.26bb1bbb55516p+1},
                {0x1.4f8b588e368f1p-17, -0x1.7069e2aa2aa5bp+3},
                {0x1.00068db8bac71p+0, 0x1.a368d0657fcd4p-14},
                {0x1.7e43c8800759cp+996, 0x1.5963447f87fb5p+9},
                {5e-324, -0x1.74385446d71c3p+9}},
               1.4);
  check_points([](double x) { return math::log_plus_one(x); },
               {{1, 0x1.62e42fefa39efp-1},
                {-0.5, -0x1.62e42fefa39efp-1},
                {0x1.b7cdfd9d7bdbbp-34, 0x1.b7cdfd9d1d693p-34},
                {0x1.47ae147ae147bp-7, 0x1.460d6ccca3677p-7},
                {-0x1.ff7ced916872bp-1, -0x1.ba18a998fff9fp+2},
                {0x1.5af1d78b58c40p+66, 0x1.7069e2aa2aa5bp+5},
                {0x1.56e1fc2f8f359p-997, 0x1.56e1fc2f8f359p-997},
                {5e-324, 5e-324}},
               1.4);
  check_points([](double x) { return math::sigmoid(x); },
               {{0, 0.5},
                {1, 0x1.764d4f5d5a2bdp-1},
                {-1, 0x1.136561454ba86p-2},
                {5, 0x1.fc92c130538e1p-1},
                {-5, 0x1.b69f67d638f8ep-8},
                {-700, 0x1.14f2b0fb9307fp-1010},
                {30, 0x1.ffffffffffcb5p-1}},
               3.0);
  check_points([](double x) { return math::softplus(x); },
               {{0, 0x1.62e42fefa39efp-1},
                {1, 0x1.5031eafefb049p+0},
                {-1, 0x1.40c7abfbec124p-2},
                {50, 50},
                {-50, 0x1.d257d547e083fp-73},
                {-700, 0x1.14f2b0fb9307fp-1010},
                {700, 700},
                {1e308, 1e308}},
               2.1);
  check_points([](double x) { return math::logit(x); },
               {{0.5, 0},
                {0.25, -0x1.193ea7aad030bp+0},
                {0x1.ccccccccccccdp-1, 0x1.193ea7aad030bp+1},
                {0x1.b7cdfd9d7bdbbp-34, -0x1.7069e2aa23c67p+4},
                {0x1.0083126e978d5p-1, 0x1.0624f4172e1a9p-8},
                {0x1.ffffde7210be9p-1, 0x1.ba18a7801d009p+3},
                {0x1.56e1fc2f8f359p-997, -0x1.5963447f87fb5p+9}},
               3.2);
  check_points([](double x) { return math::erf(x); },
               {{0, 0},
                {0x1.999999999999ap-4, 0x1.cca5ea24fb334p-4},
                {0x1.f5c28f5c28f5cp-2, 0x1.05f961e0696acp-1},
                {0x1.051eb851eb852p-1, 0x1.0ef9050dab417p-1},
                {1, 0x1.af767a741088bp-1},
                {-2, -0x1.fd9ae142795e3p-1},
                {5, 0x1.fffffffffc9e8p-1}},
               4.5);
  check_points([](double x) { return math::erfc(x); },
               {{0, 1},
                {0x1.999999999999ap-4, 0x1.c66b42bb60999p-1},
                {0x1.051eb851eb852p-1, 0x1.e20df5e4a97d2p-2},
                {1, 0x1.4226162fbddd5p-3},
                {5, 0x1.b0c1a759f7739p-40},
                {10, 0x1.7d8a7f2a8a2d0p-149},
                {26, 0x1.284bfe1cdea24p-981},
                {-2, 0x1.fecd70a13caf2p+0}},
               6.5);
  check_points([](double x) { return math::normal_cdf(x); },
               {{0, 0.5},
                {1, 0x1.aec4bd120d37dp-1},
                {-1, 0x1.44ed0bb7cb20bp-3},
                {0x1.f5c0331eeff84p+0, 0x1.f333333333333p-1},
                {-5, 0x1.33ca2f2133831p-22},
                {-10, 0x1.26c75e84fb10dp-77},
                {-37, 0x1.eaccc6bfeb0afp-995},
                {3, 0x1.ff4f10f033d25p-1}},
               7.5);
}

// The bounds against the C library: its own error, up to an ulp where long double is no wider, comes on top.
TEST_CASE("math: sweeps against long double, double") {
  constexpr double slack = std::numeric_limits<long double>::digits > 60 ? 0 : 1.5;
  const auto f = [](auto which) { return [which](double x) { return which(x); }; };
  CHECK(worst<double>(
            f([](double x) { return math::exp(x); }), [](long double x) { return std::exp(x); }, -708, 709) <=
        0.95 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::exp_minus_one(x); }), [](long double x) { return std::expm1(x); }, -5, 5) <=
        1.2 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::log(x); }), [](long double x) { return std::log(x); }, 0, 3) <= 0.9 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::log_plus_one(x); }), [](long double x) { return std::log1p(x); }, -1, 2) <=
        0.9 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::erf(x); }), [](long double x) { return std::erf(x); }, -6, 6) <= 4 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::erfc(x); }), [](long double x) { return std::erfc(x); }, -6, 26) <=
        6 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::normal_cdf(x); }),
            [](long double x) { return std::erfc(-x * 0.70710678118654752440L) / 2; }, -37, 6) <= 7 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::sigmoid(x); }), [](long double x) { return 1 / (1 + std::exp(-x)); }, -40,
            40) <= 2.5 + slack);
  CHECK(worst<double>(
            f([](double x) { return math::softplus(x); }), [](long double x) { return std::log1p(std::exp(x)); }, -40,
            40) <= 1.6 + slack);
}

TEST_CASE("math: small arguments keep their relative accuracy") {
  constexpr double slack = std::numeric_limits<long double>::digits > 60 ? 0 : 1.5;
  const auto most = [](auto f, auto reference, double sign) {
    double error = 0;
    for (double x = 0x1p-120; x < 0.5; x *= 1.0371)
      error = (std::max)(error, ulps(f(sign * x), reference(static_cast<long double>(sign * x))));
    return error;
  };
  for (const double sign : {1.0, -1.0}) {
    CHECK(most([](double x) { return math::log_plus_one(x); }, [](long double x) { return std::log1p(x); }, sign) <=
          0.9 + slack);
    CHECK(most([](double x) { return math::exp_minus_one(x); }, [](long double x) { return std::expm1(x); }, sign) <=
          1.2 + slack);
    CHECK(most([](double x) { return math::erf(x); }, [](long double x) { return std::erf(x); }, sign) <= 4 + slack);
    CHECK(most([](double x) { return math::logit(0.5 + x); },
               [](long double x) {
                 const long double p = static_cast<double>(0.5 + static_cast<double>(x)), s = 2 * p - 1;
                 return std::log1p(s) - std::log1p(-s);
               },
               sign) <= 2.7 + slack);
  }
}

TEST_CASE("math: sweeps against long double, float") {
  const double bound = 0.57;
  CHECK(worst<float>([](float x) { return math::exp(x); }, [](long double x) { return std::exp(x); }, -103, 88.7) <=
        bound);
  CHECK(worst<float>([](float x) { return math::exp_minus_one(x); }, [](long double x) { return std::expm1(x); }, -5,
                     5) <= bound);
  CHECK(worst<float>([](float x) { return math::log(x); }, [](long double x) { return std::log(x); }, 0, 3) <= bound);
  CHECK(worst<float>([](float x) { return math::log_plus_one(x); }, [](long double x) { return std::log1p(x); }, -1,
                     2) <= bound);
  CHECK(worst<float>([](float x) { return math::sigmoid(x); }, [](long double x) { return 1 / (1 + std::exp(-x)); },
                     -90, 20) <= bound);
  CHECK(worst<float>([](float x) { return math::softplus(x); }, [](long double x) { return std::log1p(std::exp(x)); },
                     -90, 20) <= bound);
  CHECK(worst<float>([](float x) { return math::logit(x); }, [](long double x) { return std::log(x / (1 - x)); }, 0,
                     1) <= bound);
}

template <class T> void check_edges() {
  constexpr T inf = infinity_of_type<T>, zero = 0;
  CHECK(math::exp(inf) == inf);
  CHECK(math::exp(-inf) == 0);
  CHECK(math::exp(T{1000}) == inf);
  CHECK(math::exp(T{-1000}) == 0);
  CHECK(math::exp(-zero) == 1);
  CHECK(math::exp_minus_one(inf) == inf);
  CHECK(math::exp_minus_one(-inf) == -1);
  CHECK(math::exp_minus_one(T{-1000}) == -1);
  CHECK(math::exp_minus_one(T{1000}) == inf);
  CHECK(std::signbit(math::exp_minus_one(-zero)));
  CHECK_FALSE(std::signbit(math::exp_minus_one(zero)));
  CHECK(math::log(zero) == -inf);
  CHECK(math::log(-zero) == -inf);
  CHECK(math::log(inf) == inf);
  CHECK(math::log(T{1}) == 0);
  CHECK_FALSE(std::signbit(math::log(T{1})));
  CHECK(std::isnan(math::log(T{-1})));
  CHECK(std::isnan(math::log(-inf)));
  CHECK(std::isnan(math::log(-std::numeric_limits<T>::denorm_min())));
  CHECK(math::log_plus_one(T{-1}) == -inf);
  CHECK(math::log_plus_one(inf) == inf);
  CHECK(std::isnan(math::log_plus_one(T{-2})));
  CHECK(std::isnan(math::log_plus_one(-inf)));
  CHECK(std::signbit(math::log_plus_one(-zero)));
  CHECK(math::log_plus_one((std::numeric_limits<T>::max)()) == math::log((std::numeric_limits<T>::max)()));
  CHECK(math::log_plus_one(std::numeric_limits<T>::denorm_min()) == std::numeric_limits<T>::denorm_min());
  CHECK(math::sigmoid(inf) == 1);
  CHECK(math::sigmoid(-inf) == 0);
  CHECK(math::sigmoid(zero) == T{0.5});
  CHECK(math::softplus(inf) == inf);
  CHECK(math::softplus(-inf) == 0);
  CHECK(math::softplus((std::numeric_limits<T>::max)()) == (std::numeric_limits<T>::max)());
  CHECK(math::logit(zero) == -inf);
  CHECK(math::logit(T{1}) == inf);
  CHECK(math::logit(T{0.5}) == 0);
  CHECK(std::isnan(math::logit(T{-0.1f})));
  CHECK(std::isnan(math::logit(T{1.1f})));
  CHECK(math::erf(inf) == 1);
  CHECK(math::erf(-inf) == -1);
  CHECK(std::signbit(math::erf(-zero)));
  CHECK(math::erfc(inf) == 0);
  CHECK(math::erfc(-inf) == 2);
  CHECK(math::normal_cdf(inf) == 1);
  CHECK(math::normal_cdf(-inf) == 0);
  CHECK(math::normal_cdf(zero) == T{0.5});
  CHECK(math::normal_quantile(zero) == -inf);
  CHECK(math::normal_quantile(T{1}) == inf);
  CHECK(math::normal_quantile(T{0.5}) == 0);
  CHECK(std::isnan(math::normal_quantile(T{-0.1f})));
  CHECK(std::isnan(math::normal_quantile(T{1.1f})));
  const T missing = nan_of_type<T>;
  for (const T y : {math::exp(missing), math::exp_minus_one(missing), math::log(missing), math::log_plus_one(missing),
                    math::sigmoid(missing), math::softplus(missing), math::logit(missing), math::erf(missing),
                    math::erfc(missing), math::normal_cdf(missing), math::normal_quantile(missing)})
    CHECK(std::isnan(y));
}
TEST_CASE("math: zeros, infinities, NaN and the ends of the range") {
  check_edges<double>();
  check_edges<float>();
  // The last finite and the first infinite results.
  CHECK(math::exp(0x1.62e42fefa39efp+9) < infinity);
  CHECK(math::exp(0x1.62e42fefa39f0p+9) == infinity);
  CHECK(math::exp_minus_one(0x1.62e42fefa39efp+9) < infinity);
  CHECK(math::exp(-745.13) == 5e-324);
  CHECK(math::exp(-745.14) == 0);
  CHECK(math::exp(0x1.62e42ep+6f) < infinity_of_type<float>);
  CHECK(math::exp(0x1.62e430p+6f) == infinity_of_type<float>);
  CHECK(math::normal_cdf(-38.4) > 0);
}

TEST_CASE("math: quantiles of the normal distribution") {
  // Wichura (1988), algorithm AS 241, gives these to check an implementation.
  CHECK(std::fabs(math::normal_quantile(0.25) - -0.6744897501960817) < 2e-16);
  CHECK(std::fabs(math::normal_quantile(0.001) - -3.090232306167814) < 1e-15);
  CHECK(std::fabs(math::normal_quantile(1e-20) - -9.262340089798408) < 4e-15);
  CHECK(std::fabs(math::normal_quantile(0.975) - 1.959963984540054) < 1e-15);
  for (double p = 1e-300; p < 0.5; p *= 1.7) {
    const double x = math::normal_quantile(p);
    // A relative error of e in x is one of about x^2 e in p.
    REQUIRE(std::fabs(math::normal_cdf(x) / p - 1) < 8e-16 * (2 + x * x));
  }
  for (int i = 1; i < 64; ++i) CHECK(math::normal_quantile(i / 64.0) == -math::normal_quantile(1 - i / 64.0));
}

TEST_CASE("math: laws") {
  double before_sigmoid = 0, before_softplus = 0;
  for (double x = -40; x <= 40; x += 0.0625) {
    REQUIRE(math::sigmoid(x) >= before_sigmoid);
    REQUIRE(math::softplus(x) >= before_softplus);
    REQUIRE(std::fabs(math::sigmoid(x) + math::sigmoid(-x) - 1) <= 4e-16);
    REQUIRE(std::fabs(math::softplus(x) - math::softplus(-x) - x) <= 1e-14);
    before_sigmoid = math::sigmoid(x);
    before_softplus = math::softplus(x);
  }
  for (double p = 0.001; p < 1; p += 0.001) REQUIRE(math::sigmoid(math::logit(p)) == Approx(p).epsilon(1e-14));
}

static_assert(math::exp(0.0) == 1 && math::log(1.0f) == 0 && math::sigmoid(0.0f) == 0.5f);
constexpr double at_compile_time[] = {math::exp(1.25),          math::exp_minus_one(0.3), math::log(7.5),
                                      math::log_plus_one(0.01), math::sigmoid(-2.5),      math::softplus(1.5),
                                      math::logit(0.3),         math::erf(0.75),          math::normal_cdf(-1.5)};
TEST_CASE("math: compile time and run time agree") {
  volatile double x[] = {1.25, 0.3, 7.5, 0.01, -2.5, 1.5, 0.3, 0.75, -1.5};
  const double at_run_time[] = {math::exp(x[0]),          math::exp_minus_one(x[1]), math::log(x[2]),
                                math::log_plus_one(x[3]), math::sigmoid(x[4]),       math::softplus(x[5]),
                                math::logit(x[6]),        math::erf(x[7]),           math::normal_cdf(x[8])};
  CHECK(std::memcmp(at_compile_time, at_run_time, sizeof at_run_time) == 0);
}

constexpr std::size_t tile = 512;
/// A driver as the library's: nothing contracts here, and the loop vectorises.
template <class T, class F>
MLSD_UNCONTRACTED [[gnu::noinline, gnu::flatten]] void in_driver(const T* __restrict x, T* __restrict y, F f) {
  for (std::size_t i = 0; i < tile; ++i) y[i] = f(x[i]);
}
/// A plain loop of a user, who may compile it for a machine with FMA.
template <class T, class F> [[gnu::noinline]] void in_plain_loop(const T* __restrict x, T* __restrict y, F f) {
  for (std::size_t i = 0; i < tile; ++i) y[i] = f(x[i]);
}

template <class T> std::vector<T> arguments() {
  using bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  using limits = std::numeric_limits<T>;
  std::vector<T> x{0,
                   static_cast<T>(-0.0),
                   1,
                   -1,
                   T{0.5},
                   limits::infinity(),
                   -limits::infinity(),
                   limits::quiet_NaN(),
                   -limits::quiet_NaN(),
                   limits::denorm_min(),
                   -limits::denorm_min(),
                   (limits::min)(),
                   (limits::max)(),
                   limits::lowest()};
  for (std::uint64_t i = 0; x.size() < 24 * tile; ++i) {
    const std::uint64_t word = hash_mix(i);
    const double u = static_cast<double>(word >> 11) * 0x1p-53;
    x.push_back(i % 4 == 0   ? std::bit_cast<T>(static_cast<bits>(word))
                : i % 4 == 1 ? static_cast<T>(u)
                : i % 4 == 2 ? static_cast<T>((u - 0.5) * 12)
                             : static_cast<T>((u - 0.5) * 1500));
  }
  return x;
}
/// Both paths give the same bits; returns their hash.
template <class T, class F> std::uint64_t fingerprint(F f) {
  static const std::vector<T> x = arguments<T>();
  std::array<T, tile> a, b;
  std::uint64_t h = 0;
  for (std::size_t i = 0; i < x.size(); i += tile) {
    in_driver(x.data() + i, a.data(), f);
    in_plain_loop(x.data() + i, b.data(), f);
    REQUIRE(std::memcmp(a.data(), b.data(), sizeof a) == 0);
    h = xxh64(std::as_bytes(std::span(a)), h);
  }
  return h;
}
template <class F> std::uint64_t both(F f) {
  return combine(fingerprint<double>([f](double x) { return f(x); }),
                 fingerprint<float>([f](float x) { return f(x); }));
}

// Golden: g++ 12 and clang 16, -O0 to -O3, with and without -march=native, -mfma and -ffp-contract=off, all agree.
TEST_CASE("math: the bits are the same in drivers, in plain loops, and in every build") {
  if constexpr (std::endian::native == std::endian::little) {
    CHECK(both([](auto x) { return math::exp(x); }) == 0x5fd290b3dc0ad9fa);
    CHECK(both([](auto x) { return math::exp_minus_one(x); }) == 0x63d331c14034f760);
    CHECK(both([](auto x) { return math::log(x); }) == 0x48629259f837b3ae);
    CHECK(both([](auto x) { return math::log_plus_one(x); }) == 0x69476bc2f83c3f30);
    CHECK(both([](auto x) { return math::sigmoid(x); }) == 0xba37b25c0134f9e0);
    CHECK(both([](auto x) { return math::softplus(x); }) == 0x852677cd46bf7813);
    CHECK(both([](auto x) { return math::logit(x); }) == 0xa26603e39bd67ac2);
    CHECK(both([](auto x) { return math::erf(x); }) == 0x4fc84e8d3df7b407);
    CHECK(both([](auto x) { return math::erfc(x); }) == 0x2e5b2d29a1716f23);
    CHECK(both([](auto x) { return math::normal_cdf(x); }) == 0x03f09bf37a22bd56);
    CHECK(both([](auto x) { return math::normal_quantile(x); }) == 0xaf13fa922ddd0013);
  }
}

}  // namespace test_math
