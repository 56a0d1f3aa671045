#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "kernels/kernels.hpp"

namespace fastshesha {

/// Sorts 64-bit items by the bits from `lowest_bit` up. Items lie in
/// [item_marker, 2 item_marker), see kernels/kernels.hpp, and those equal from `lowest_bit` up must
/// rise with their place, which they keep. `scratch` holds n items too. O(n) for keys spread
/// evenly, n times the bits of a key at most.
void sort_items(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int lowest_bit);

/// Writes the items of [begin, end), for parts that together are all.
using WriteItems = std::function<void(std::size_t begin, std::size_t end)>;

/// The same of items that `write` writes first, by several threads.
void write_and_sort_items(const WriteItems& write, std::uint64_t* items, std::uint64_t* scratch,
                          std::size_t n, int lowest_bit, int n_threads);

}  // namespace fastshesha
