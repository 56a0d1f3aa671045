// Vectors of 64-bit integers as sort.inl wants them, for AVX-512.

#include <immintrin.h>

#include <cstdint>

#include "kernels.hpp"

#define SORT_LANES 8

namespace fastshesha {
namespace {

using SortVector = __m512i;

inline SortVector load_items(const std::uint64_t* from) { return _mm512_loadu_si512(from); }
inline void store_items(std::uint64_t* to, SortVector items) { _mm512_storeu_si512(to, items); }
inline void store_lanes(std::uint64_t* to, SortVector items, std::size_t first, std::size_t end) {
    const unsigned lanes = ((1u << end) - 1) & ~((1u << first) - 1);
    _mm512_mask_storeu_epi64(to, static_cast<__mmask8>(lanes), items);
}
inline SortVector broadcast_item(std::uint64_t item) {
    return _mm512_set1_epi64(static_cast<long long>(item));
}
inline unsigned below_mask(SortVector a, SortVector b) { return _mm512_cmplt_epu64_mask(a, b); }
inline SortVector count_below(SortVector counts, SortVector a, SortVector b) {
    return _mm512_mask_add_epi64(counts, _mm512_cmplt_epu64_mask(a, b), counts,
                                 _mm512_set1_epi64(1));
}

/// Lane order for every mask: set bits first.
struct PartOrders {
    alignas(64) std::uint8_t lanes[256][SORT_LANES];

    constexpr PartOrders() : lanes() {
        for (unsigned mask = 0; mask < 256; ++mask) {
            unsigned place = 0;
            for (unsigned set = 2; set-- > 0;) {
                for (unsigned lane = 0; lane < SORT_LANES; ++lane) {
                    if ((mask >> lane & 1) == set) {
                        lanes[mask][place++] = static_cast<std::uint8_t>(lane);
                    }
                }
            }
        }
    }
};
constexpr PartOrders part_orders;

inline SortVector front_to_back(SortVector items, unsigned mask) {
    const __m128i order =
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(part_orders.lanes[mask]));
    // The zero-masked forms compile to the same code without a warning about an undefined operand.
    const __mmask8 all = 0xff;
    return _mm512_maskz_permutexvar_epi64(all, _mm512_maskz_cvtepu8_epi64(all, order), items);
}

}  // namespace
}  // namespace fastshesha
