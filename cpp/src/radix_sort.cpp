#include "radix_sort.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace fastshesha {
namespace {

constexpr std::size_t insertion_limit = 16;
// Up to this size items, scratch and counters stay in the first-level cache together.
constexpr std::size_t cached_items = 1024;
// Beyond it, dealing into more streams than 2^7 misses that cache at every store.
constexpr int large_digit_bits = 7;
// Two to four cells an item: mispredicted exchanges cost more than empty cells.
constexpr int spare_cell_bits = 1;
constexpr std::size_t most_cells = cached_items << (spare_cell_bits + 1);

void insertion_sort(std::uint64_t* items, std::size_t n) {
    for (std::size_t i = 1; i < n; ++i) {
        const std::uint64_t item = items[i];
        std::size_t hole = i;
        for (; hole > 0 && items[hole - 1] > item; --hole) {
            items[hole] = items[hole - 1];
        }
        items[hole] = item;
    }
}

/// One more than the highest bit in which items differ; 0 where all are equal.
int differing_bits(const std::uint64_t* items, std::size_t n) {
    std::uint64_t difference = 0;
    for (std::size_t i = 1; i < n; ++i) {
        difference |= items[i] ^ items[0];
    }
    return static_cast<int>(std::bit_width(difference));
}

/// Counting sort of `items` into `out` by one digit. places[d] becomes the end of digit d; the
/// size of the fullest digit is returned.
template <class Place>
std::size_t deal_items(const std::uint64_t* items, std::size_t n, int shift, std::size_t n_cells,
                       Place* places, std::uint64_t* out) {
    const auto digit_of = [=](std::uint64_t item) { return (item >> shift) & (n_cells - 1); };
    std::fill_n(places, n_cells, Place{0});
    for (std::size_t i = 0; i < n; ++i) {
        ++places[digit_of(items[i])];
    }
    const std::size_t fullest = *std::max_element(places, places + n_cells);
    Place before = 0;
    for (std::size_t cell = 0; cell < n_cells; ++cell) {
        const Place count = places[cell];
        places[cell] = before;
        before = static_cast<Place>(before + count);
    }
    for (std::size_t i = 0; i < n; ++i) {
        out[places[digit_of(items[i])]++] = items[i];
    }
    return fullest;
}

template <class Place>
void sort_cells(std::uint64_t* items, std::uint64_t* scratch, const Place* ends,
                std::size_t n_cells, int lowest_bit) {
    std::size_t begin = 0;
    for (std::size_t cell = 0; cell < n_cells; ++cell) {
        radix_sort(items + begin, scratch + begin, ends[cell] - begin, lowest_bit);
        begin = ends[cell];
    }
}

void sort_in_cache(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int lowest_bit,
                   int top) {
    const int wanted = static_cast<int>(std::bit_width(n)) + spare_cell_bits;
    const int bits = std::min(wanted, top - lowest_bit);
    const std::size_t n_cells = std::size_t{1} << bits;
    std::array<std::uint16_t, most_cells> places;
    const std::size_t fullest = deal_items(items, n, top - bits, n_cells, places.data(), scratch);
    if (fullest <= insertion_limit) {
        insertion_sort(scratch, n);
    } else {
        sort_cells(scratch, items, places.data(), n_cells, lowest_bit);
    }
}

void sort_by_large_digit(std::uint64_t* items, std::uint64_t* scratch, std::size_t n,
                         int lowest_bit, int top) {
    const int bits = std::min(large_digit_bits, top - lowest_bit);
    const std::size_t n_cells = std::size_t{1} << bits;
    std::array<std::uint32_t, std::size_t{1} << large_digit_bits> places;
    deal_items(items, n, top - bits, n_cells, places.data(), scratch);
    sort_cells(scratch, items, places.data(), n_cells, lowest_bit);
}

}  // namespace

void radix_sort(std::uint64_t* items, std::uint64_t* scratch, std::size_t n, int lowest_bit) {
    if (n <= insertion_limit) {
        insertion_sort(items, n);
        return;
    }
    const int top = differing_bits(items, n);
    if (top <= lowest_bit) {
        return;
    }
    if (n <= cached_items) {
        sort_in_cache(items, scratch, n, lowest_bit, top);
    } else {
        sort_by_large_digit(items, scratch, n, lowest_bit, top);
    }
    std::copy_n(scratch, n, items);
}

}  // namespace fastshesha
