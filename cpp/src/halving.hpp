#pragma once

#include <cstddef>

namespace fastshesha {

/// Halves [low, high] until no more than `wanted` + `spare` scores lie above the limit, or so many
/// times; returns the highest limit found with `wanted` scores above it, or `none`. Counting needs
/// no branches, selecting does.
template <class Score, class CountAbove>
Score limit_by_halving(Score low, Score high, Score none, std::size_t wanted, std::size_t spare,
                       int most_halvings, const CountAbove& count_above) {
    Score limit = none;
    for (int halving = 0; halving < most_halvings; ++halving) {
        const Score middle = (low + high) / 2;
        const std::size_t n = count_above(middle);
        if (n < wanted) {
            high = middle;
            continue;
        }
        low = limit = middle;
        if (n <= wanted + spare) {
            break;
        }
    }
    return limit;
}

}  // namespace fastshesha
