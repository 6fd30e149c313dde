#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace mlsd {

/// The instruction sets for which the library has kernels, weakest first. All give the same bits; only speed differs.
/// `avx2` is used without FMA; `avx512` stands for F, BW, DQ and VL together.
enum class isa : std::uint8_t { portable, avx2, avx512 };

[[nodiscard]] constexpr std::string_view to_string(isa set) noexcept {
  return set == isa::avx512 ? "avx512" : set == isa::avx2 ? "avx2" : "portable";
}

/// The set of that name, exactly as `to_string` writes it; nothing for any other text.
[[nodiscard]] constexpr std::optional<isa> parse_isa(std::string_view name) noexcept {
  for (const isa set : {isa::portable, isa::avx2, isa::avx512})
    if (name == to_string(set)) return set;
  return std::nullopt;
}

/// The most that a value of the environment variable MLSD_ISA allows: no value or "" is no limit. A name that is not
/// known allows only `portable`: a misspelt limit may cost speed but never runs what was meant to be off.
[[nodiscard]] constexpr isa parse_isa_limit(const char* value) noexcept {
  if (value == nullptr || *value == '\0') return isa::avx512;
  return parse_isa(value).value_or(isa::portable);
}

/// The strongest set that the processor and the operating system support.
[[nodiscard]] inline isa detected_isa() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return isa::avx512;
  if (__builtin_cpu_supports("avx2")) return isa::avx2;
#endif
  return isa::portable;
}

/// What run-time dispatch uses: `detected_isa()`, but not more than MLSD_ISA allows. Read once, at the first call;
/// later changes of the environment have no effect. Safe to call from several threads.
[[nodiscard]] inline isa active_isa() noexcept {
  static const isa set = [] {
    const isa detected = detected_isa(), limit = parse_isa_limit(std::getenv("MLSD_ISA"));
    return limit < detected ? limit : detected;
  }();
  return set;
}

}  // namespace mlsd
