#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

/// Sorts 64-bit items that are all different in their low `position_bits`, by vectorised quicksort
/// where the active kernels have one, else by radix sort of the bits above. Both buffers hold
/// sort_padding more items than n, whose values do not matter. O(n log n) at most.
inline constexpr std::size_t sort_padding = 32;
void sort_items(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int position_bits);

}  // namespace fastshesha
