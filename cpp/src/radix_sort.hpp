#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

/// Sorts items by the bits from `lowest_bit` up, stably. Works from the highest digit in which
/// items differ, so that constant leading bits cost nothing. `scratch` is as long as `items`.
void radix_sort(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int lowest_bit);

}  // namespace fastshesha
