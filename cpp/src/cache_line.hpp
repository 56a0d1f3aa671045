#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

inline constexpr std::size_t cache_line = 64;

/// Fetches, to be written, the cache line after that of `place`; it may lie beyond what is
/// allocated.
inline void fetch_next_line(const void* place) {
    const auto next = reinterpret_cast<std::uintptr_t>(place) + cache_line;
    __builtin_prefetch(reinterpret_cast<const void*>(next), 1);
}

}  // namespace fastshesha
