#pragma once

#include <cstdint>

/// How often the calling thread has allocated: to show that serving allocates nothing, whatever trains elsewhere.
/// One source of the program includes count_allocations.hpp.
[[nodiscard]] std::uint64_t allocations() noexcept;
