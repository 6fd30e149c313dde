// Scores rows with emitted headers and with the models that they were written from: the bits must be equal.
#include "emit/models.hpp"
#include "emitted_0.hpp"
#include "emitted_1.hpp"
#include "emitted_2.hpp"
#include "emitted_3.hpp"

#include <cstdio>
#include <cstring>
#include <vector>

namespace {

template <class Raw> std::size_t differences(std::size_t i, Raw raw) {
  const mlsd::gbdt_model model = emitted_models::model(i);
  const random_gbdt::rows rows(2000, emitted_models::shapes[i], 7);
  std::size_t different = 0;
  std::vector<double> expected(model.outputs()), got(model.outputs());
  for (std::size_t r = 0; r < rows.n; ++r) {
    const mlsd::mixed_row x = rows.row(r);
    model.raw(x, expected);
    raw(x.numbers.data(), x.codes.data(), got.data());
    different += std::memcmp(expected.data(), got.data(), got.size() * sizeof(double)) != 0;
    const std::vector<double> wide(x.numbers.begin(), x.numbers.end());
    raw(wide.data(), x.codes.data(), got.data());
    different += std::memcmp(expected.data(), got.data(), got.size() * sizeof(double)) != 0;
  }
  return different;
}

constexpr float zeros[16] = {};
constexpr std::uint32_t codes[16] = {};
constexpr double at_compile_time = emitted_0::raw(zeros, codes);

}  // namespace

int main() {
  const std::size_t different =
      differences(0, [](const auto* x, const std::uint32_t* c, double* out) { emitted_0::raw(x, c, out); }) +
      differences(1, [](const auto* x, const std::uint32_t* c, double* out) { emitted_1::raw(x, c, out); }) +
      differences(2, [](const auto* x, const std::uint32_t* c, double* out) { emitted_2::raw(x, c, out); }) +
      differences(3, [](const auto* x, const std::uint32_t* c, double* out) { emitted_3::raw(x, c, out); });
  const bool constant = at_compile_time == emitted_0::raw(static_cast<const float*>(zeros), codes);
  std::printf("%zu rows differ\n", different);
  return different == 0 && constant ? 0 : 1;
}
