// Sixteen replicates side by side, as replicates.inl wants them, for AVX2.

#include <immintrin.h>

#include "kernels.hpp"

namespace fastshesha {
namespace {

/// One 32-bit integer for every replicate.
struct Lanes {
    __m256i half[2];
};

/// One 64-bit integer for every replicate: the even lanes of the first half, its odd ones, and the
/// same of the second half.
struct WideLanes {
    __m256i part[4];
};

inline Lanes load_lanes(const std::int32_t* from) {
    const auto* at = reinterpret_cast<const __m256i*>(from);
    return {{_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1)}};
}
inline void store_lanes(std::int32_t* to, const Lanes& value) {
    auto* at = reinterpret_cast<__m256i*>(to);
    _mm256_storeu_si256(at, value.half[0]);
    _mm256_storeu_si256(at + 1, value.half[1]);
}
inline void stream_lanes(std::int32_t* to, const Lanes& value) {
    auto* at = reinterpret_cast<__m256i*>(to);
    _mm256_stream_si256(at, value.half[0]);
    _mm256_stream_si256(at + 1, value.half[1]);
}
inline void end_stream() { _mm_sfence(); }
inline Lanes zero_lanes() { return {{_mm256_setzero_si256(), _mm256_setzero_si256()}}; }
inline WideLanes zero_wide_lanes() {
    const __m256i zero = _mm256_setzero_si256();
    return {{zero, zero, zero, zero}};
}

/// Products of two rows of counts, which fit 16 bits.
inline Lanes weigh(const std::uint8_t* first, const std::uint8_t* second) {
    const __m256i a =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(first)));
    const __m256i b =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(second)));
    const __m256i weight = _mm256_mullo_epi16(a, b);
    return {{_mm256_cvtepu16_epi32(_mm256_castsi256_si128(weight)),
             _mm256_cvtepu16_epi32(_mm256_extracti128_si256(weight, 1))}};
}
inline Lanes add(const Lanes& a, const Lanes& b) {
    return {{_mm256_add_epi32(a.half[0], b.half[0]), _mm256_add_epi32(a.half[1], b.half[1])}};
}
inline Lanes multiply(const Lanes& a, const Lanes& b) {
    return {{_mm256_mullo_epi32(a.half[0], b.half[0]), _mm256_mullo_epi32(a.half[1], b.half[1])}};
}

inline __m256i even_product(__m256i a, __m256i b) { return _mm256_mul_epi32(a, b); }
inline __m256i odd_product(__m256i a, __m256i b) {
    return _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32));
}
inline void add_products(WideLanes& sums, const Lanes& a, const Lanes& b) {
    for (std::size_t h = 0; h < 2; ++h) {
        sums.part[2 * h] = _mm256_add_epi64(sums.part[2 * h], even_product(a.half[h], b.half[h]));
        sums.part[2 * h + 1] =
            _mm256_add_epi64(sums.part[2 * h + 1], odd_product(a.half[h], b.half[h]));
    }
}
/// Writes the sums in the order of the replicates.
inline void store_wide_lanes(std::int64_t* to, const WideLanes& sums) {
    alignas(32) std::int64_t part[4];
    for (std::size_t p = 0; p < 4; ++p) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(part), sums.part[p]);
        for (std::size_t k = 0; k < 4; ++k) {
            to[8 * (p / 2) + 2 * k + p % 2] = part[k];
        }
    }
}

}  // namespace
}  // namespace fastshesha
