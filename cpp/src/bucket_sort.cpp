#include "bucket_sort.hpp"

#include <algorithm>
#include <bit>

#include "cache_line.hpp"
#include "interrupt.hpp"

namespace fastshesha {
namespace {

// What a bucket of evenly spread keys holds; normally distributed ones fill some four times that.
constexpr std::size_t wanted_bucket = 256;
// Fuller cells hold keys that are nearly equal, which are parted faster than placed.
constexpr std::size_t largest_cell = 12;
constexpr int most_parting_bits = 8;
constexpr int fewest_digit_bits = 3;
constexpr int most_digit_bits = 11;
static_assert(most_buckets == std::size_t{1} << most_digit_bits);

Digit leading_digit(int top, int lowest_bit, int wanted_bits) {
    const int bits = std::min(wanted_bits, top - lowest_bit);
    return {top - bits, bits};
}

/// Adds the items of every cell to its count.
void count_items(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* counts) {
    for (std::size_t i = 0; i < n; ++i) {
        ++counts[digit.of(items[i])];
    }
}

/// Turns the counts of the cells into their beginnings; returns the size of the fullest.
std::size_t sum_counts(Digit digit, std::uint32_t* counts) {
    std::uint32_t before = 0;
    std::uint32_t fullest = 0;
    for (std::size_t cell = 0; cell < digit.n_cells(); ++cell) {
        const std::uint32_t count = counts[cell];
        counts[cell] = before;
        before += count;
        fullest = std::max(fullest, count);
    }
    return fullest;
}

/// Deals items into their cells in order; the cells' beginnings become their ends.
void deal_items(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* begins,
                std::uint64_t* dealt) {
    for (std::size_t i = 0; i < n; ++i) {
        dealt[begins[digit.of(items[i])]++] = items[i];
    }
}

/// The same, for cells that together do not fit the first level of cache: by the time a line of
/// one is full, the next is there.
void deal_far(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* begins,
              std::uint64_t* dealt) {
    for (std::size_t i = 0; i < n; ++i) {
        std::uint64_t* const place = dealt + begins[digit.of(items[i])]++;
        *place = items[i];
        fetch_next_line(place);
    }
}

}  // namespace

int differing_bits(const std::uint64_t* items, std::size_t n) {
    std::uint64_t difference = 0;
    for (std::size_t i = 1; i < n; ++i) {
        difference |= items[i] ^ items[0];
    }
    return static_cast<int>(std::bit_width(difference));
}

Digit dealing_digit(std::size_t n, int top, int lowest_bit) {
    const int wanted_bits = static_cast<int>(std::bit_width(n / wanted_bucket));
    return leading_digit(top, lowest_bit,
                         std::clamp(wanted_bits, fewest_digit_bits, most_digit_bits));
}

void count_many(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* counts) {
    in_stretches(n, [=](std::size_t begin, std::size_t end) {
        count_items(items + begin, end - begin, digit, counts);
    });
}

void deal_many(const std::uint64_t* items, std::size_t n, Digit digit, std::uint32_t* begins,
               std::uint64_t* dealt) {
    in_stretches(n, [=](std::size_t begin, std::size_t end) {
        deal_far(items + begin, end - begin, digit, begins, dealt);
    });
}

BucketSort::BucketSort(const Kernels& kernels, int lowest_bit)
    : kernels_(kernels), lowest_bit_(lowest_bit) {
    std::fill_n(leaf_.data(), place_reach, std::uint64_t{0});
}

void BucketSort::sort(const Place& place, std::size_t n, int top) {
    if (n < 2 || top <= lowest_bit_) {
        if (!place.ends_in_source) {
            std::copy_n(place.source, n, place.other);
        }
    } else if (n <= largest_leaf) {
        sort_leaf(place, n, top);
    } else {
        split(place, n, top);
    }
}

void BucketSort::sort_bucket(const Place& bucket, std::size_t size, std::size_t n, Digit digit) {
    // A crowded one may agree in many more bits.
    const bool crowded = size > std::max(n / 2, place_reach);
    sort(bucket, size, crowded ? differing_bits(bucket.source, size) : digit.shift);
}

void BucketSort::sort_leaf(const Place& place, std::size_t n, int top) {
    std::uint64_t* const dealt = leaf_.data() + place_reach;
    std::size_t fullest = n;
    if (n <= place_reach + 1) {
        std::copy_n(place.source, n, dealt);
    } else {
        const Digit digit =
            leading_digit(top, lowest_bit_, static_cast<int>(std::bit_width(n)) - 1);
        std::fill_n(leaf_cells_.data(), digit.n_cells(), 0u);
        count_items(place.source, n, digit, leaf_cells_.data());
        fullest = sum_counts(digit, leaf_cells_.data());
        deal_items(place.source, n, digit, leaf_cells_.data(), dealt);
        if (fullest > largest_cell) {
            fullest = part_full_cells(dealt, leaf_cells_.data(), digit, place.target());
        }
    }
    std::fill_n(dealt + n, place_reach, std::uint64_t{2} * item_marker);
    kernels_.place_items(dealt, n, fullest - 1, place.target());
}

/// Parts cells too full for placing; returns how many items placing takes together at most.
std::size_t BucketSort::part_full_cells(std::uint64_t* dealt, const std::uint32_t* ends,
                                        Digit digit, std::uint64_t* scratch) const {
    std::size_t fullest = 1;
    std::size_t begin = 0;
    for (std::size_t cell = 0; cell < digit.n_cells(); ++cell) {
        const std::size_t end = ends[cell];
        const std::size_t n = end - begin;
        fullest = std::max(fullest, n > largest_cell ? part(dealt + begin, n, scratch) : n);
        begin = end;
    }
    return fullest;
}

/// Parts items by the first bits in which they differ; values that are equal but for rounding
/// do so in few.
std::size_t BucketSort::part(std::uint64_t* items, std::size_t n, std::uint64_t* scratch) const {
    const int top = differing_bits(items, n);
    if (top <= lowest_bit_) {
        return 1;
    }
    const int wanted_bits = static_cast<int>(std::bit_width(n)) - 1;
    const Digit digit = leading_digit(top, lowest_bit_, std::min(wanted_bits, most_parting_bits));
    std::array<std::uint32_t, std::size_t{1} << most_parting_bits> ends;
    std::fill_n(ends.data(), digit.n_cells(), 0u);
    count_items(items, n, digit, ends.data());
    sum_counts(digit, ends.data());
    deal_items(items, n, digit, ends.data(), scratch);
    std::copy_n(scratch, n, items);
    return digit.shift <= lowest_bit_ ? 1 : part_full_cells(items, ends.data(), digit, scratch);
}

void BucketSort::split(const Place& place, std::size_t n, int top) {
    check_interrupt_of_thread();
    const Digit digit = dealing_digit(n, top, lowest_bit_);
    std::array<std::uint32_t, most_buckets> ends;
    std::fill_n(ends.data(), digit.n_cells(), 0u);
    count_many(place.source, n, digit, ends.data());
    sum_counts(digit, ends.data());
    deal_many(place.source, n, digit, ends.data(), place.other);
    std::size_t begin = 0;
    for (std::size_t cell = 0; cell < digit.n_cells(); ++cell) {
        sort_bucket(place.swapped().after(begin), ends[cell] - begin, n, digit);
        begin = ends[cell];
    }
}

}  // namespace fastshesha
