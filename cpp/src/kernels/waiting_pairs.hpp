#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

/// An entry of a packed table: the count of a level in the high 24 bits, the sum of the other
/// side's levels in the low 40.
inline constexpr int count_shift = 40;
inline constexpr std::uint64_t one_pair = std::uint64_t{1} << count_shift;
inline constexpr std::uint64_t sum_mask = one_pair - 1;

/// Pairs of levels that wait to be counted. Counting waits for the cache, products for arithmetic:
/// done together, they take hardly longer than the slower one.
struct WaitingPairs {
    const std::int32_t* a;
    const std::int32_t* b;
    std::size_t n;
    std::uint64_t* of_a;
    std::uint64_t* of_b;
    /// Pairs that are counted beside a feature, and features with so many beside them.
    std::size_t per_feature;
    std::size_t n_features;
};

/// Counts the next n of the pairs.
static inline void count_pairs(WaitingPairs& pairs, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
        const auto a = static_cast<std::uint32_t>(pairs.a[k]);
        const auto b = static_cast<std::uint32_t>(pairs.b[k]);
        pairs.of_a[a] += one_pair | b;
        pairs.of_b[b] += one_pair | a;
    }
    pairs.a += n;
    pairs.b += n;
    pairs.n -= n;
}

}  // namespace fastshesha
