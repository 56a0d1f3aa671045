#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"

namespace fastshesha {

/// Which of two buffers of equal length items lie in, and which one they have to end in.
struct Place {
    std::uint64_t* source;
    std::uint64_t* other;
    bool ends_in_source;

    Place after(std::size_t n) const { return {source + n, other + n, ends_in_source}; }
    Place swapped() const { return {other, source, !ends_in_source}; }
    std::uint64_t* target() const { return ends_in_source ? source : other; }
};

/// A digit of the items: `bits` bits from `shift` up.
struct Digit {
    int shift;
    int bits;

    std::size_t n_cells() const { return std::size_t{1} << bits; }
    std::size_t of(std::uint64_t item) const { return (item >> shift) & (n_cells() - 1); }
};

/// Of the digit by which buckets are dealt.
inline constexpr std::size_t most_buckets = 2048;

/// The digit by which n items that agree in the bits from `top` up are dealt into buckets.
Digit dealing_digit(std::size_t n, int top, int lowest_bit);

/// One more than the highest bit in which items differ; 0 where all are equal.
int differing_bits(const std::uint64_t* items, std::size_t n);

/// Adds the items of every cell to its count.
void count_many(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* counts);

/// Deals items into their cells in order; the cells' beginnings become their ends.
void deal_many(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* begins,
               std::uint64_t* dealt);

/// Deals items into buckets by their leading digits, and those, in the cache, into cells of one
/// or two items; within a cell, items are placed by comparing neighbours. See sort_items().
class BucketSort {
public:
    // Leaves are dealt within the first two levels of cache.
    static constexpr std::size_t largest_leaf = 4096;

    BucketSort(const Kernels& kernels, int lowest_bit);

    /// Sorts n items that agree in the bits from `top` up.
    void sort(const Place& place, std::size_t n, int top);

    /// Sorts one of the buckets that n items were dealt into by a digit.
    void sort_bucket(const Place& bucket, std::size_t size, std::size_t n, Digit digit);

private:
    void sort_leaf(const Place& place, std::size_t n, int top);
    std::size_t part_full_cells(std::uint64_t* dealt, const std::uint32_t* ends, Digit digit,
                                std::uint64_t* scratch) const;
    std::size_t part(std::uint64_t* items, std::size_t n, std::uint64_t* scratch) const;
    void split(const Place& place, std::size_t n, int top);

    const Kernels& kernels_;
    const int lowest_bit_;
    std::array<std::uint32_t, largest_leaf> leaf_cells_;
    // Room for neighbours on both sides, and for one vector read beyond.
    std::array<std::uint64_t, largest_leaf + 2 * place_reach + max_vector_items> leaf_;
};

}  // namespace fastshesha
