// Sixteen replicates side by side, as replicates.inl wants them, for AVX-512.

#include <immintrin.h>

#include "kernels.hpp"

namespace fastshesha {
namespace {

/// One 32-bit integer for every replicate.
struct Lanes {
    __m512i all;
};

/// One 64-bit integer for every replicate: the even lanes, then the odd ones.
struct WideLanes {
    __m512i part[2];
};

inline Lanes load_lanes(const std::int32_t* from) { return {_mm512_loadu_si512(from)}; }
inline void store_lanes(std::int32_t* to, const Lanes& value) {
    _mm512_storeu_si512(to, value.all);
}
inline void stream_lanes(std::int32_t* to, const Lanes& value) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), value.all);
}
inline void end_stream() { _mm_sfence(); }
inline Lanes zero_lanes() { return {_mm512_setzero_si512()}; }
inline WideLanes zero_wide_lanes() { return {{_mm512_setzero_si512(), _mm512_setzero_si512()}}; }

/// Products of two rows of counts, which fit 16 bits.
inline Lanes weigh(const std::uint8_t* first, const std::uint8_t* second) {
    const __m256i a =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(first)));
    const __m256i b =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(second)));
    // The zero-masked forms compile to the same code without a warning about an undefined operand.
    return {_mm512_maskz_cvtepu16_epi32(0xffff, _mm256_mullo_epi16(a, b))};
}
inline Lanes add(const Lanes& a, const Lanes& b) { return {_mm512_add_epi32(a.all, b.all)}; }
inline Lanes multiply(const Lanes& a, const Lanes& b) { return {_mm512_mullo_epi32(a.all, b.all)}; }

inline void add_products(WideLanes& sums, const Lanes& a, const Lanes& b) {
    const __m512i odd_a = _mm512_maskz_srli_epi64(0xff, a.all, 32);
    const __m512i odd_b = _mm512_maskz_srli_epi64(0xff, b.all, 32);
    sums.part[0] = _mm512_add_epi64(sums.part[0], _mm512_maskz_mul_epi32(0xff, a.all, b.all));
    sums.part[1] = _mm512_add_epi64(sums.part[1], _mm512_maskz_mul_epi32(0xff, odd_a, odd_b));
}
/// Writes the sums in the order of the replicates.
inline void store_wide_lanes(std::int64_t* to, const WideLanes& sums) {
    alignas(64) std::int64_t part[8];
    for (std::size_t p = 0; p < 2; ++p) {
        _mm512_store_si512(part, sums.part[p]);
        for (std::size_t k = 0; k < 8; ++k) {
            to[2 * k + p] = part[k];
        }
    }
}

}  // namespace
}  // namespace fastshesha
