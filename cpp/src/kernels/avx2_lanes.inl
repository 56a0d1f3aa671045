// Vectors of 64-bit integers as sort.inl wants them, for AVX2.

#include <immintrin.h>

#include <cstdint>

#include "kernels.hpp"

#define SORT_LANES 4

namespace fastshesha {
namespace {

using SortVector = __m256i;

inline SortVector load_items(const std::uint64_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store_items(std::uint64_t* to, SortVector items) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), items);
}
inline void store_lanes(std::uint64_t* to, SortVector items, std::size_t first, std::size_t end) {
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    const __m256i from_first =
        _mm256_cmpgt_epi64(lane, _mm256_set1_epi64x(static_cast<long long>(first) - 1));
    const __m256i to_end =
        _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(end)), lane);
    _mm256_maskstore_epi64(reinterpret_cast<long long*>(to), _mm256_and_si256(from_first, to_end),
                           items);
}
inline SortVector broadcast_item(std::uint64_t item) {
    return _mm256_set1_epi64x(static_cast<long long>(item));
}

/// All bits set in the lanes where a is below b. AVX2 compares signed integers only.
inline SortVector below(SortVector a, SortVector b) {
    const __m256i sign = _mm256_set1_epi64x(static_cast<long long>(std::uint64_t{1} << 63));
    return _mm256_cmpgt_epi64(_mm256_xor_si256(b, sign), _mm256_xor_si256(a, sign));
}
inline unsigned below_mask(SortVector a, SortVector b) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(below(a, b))));
}
inline SortVector count_below(SortVector counts, SortVector a, SortVector b) {
    return _mm256_sub_epi64(counts, below(a, b));
}

/// Order of 32-bit halves for every mask: lanes of set bits first.
struct PartOrders {
    alignas(32) std::uint32_t halves[16][2 * SORT_LANES];

    constexpr PartOrders() : halves() {
        for (unsigned mask = 0; mask < 16; ++mask) {
            unsigned place = 0;
            for (unsigned set = 2; set-- > 0;) {
                for (unsigned lane = 0; lane < SORT_LANES; ++lane) {
                    if ((mask >> lane & 1) == set) {
                        halves[mask][place++] = 2 * lane;
                        halves[mask][place++] = 2 * lane + 1;
                    }
                }
            }
        }
    }
};
constexpr PartOrders part_orders;

inline SortVector front_to_back(SortVector items, unsigned mask) {
    const __m256i order =
        _mm256_load_si256(reinterpret_cast<const __m256i*>(part_orders.halves[mask]));
    return _mm256_permutevar8x32_epi32(items, order);
}

}  // namespace
}  // namespace fastshesha
