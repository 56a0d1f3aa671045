// One stage of a level map, a vector at a time: a cell's slope and height are loaded together,
// which is faster than a gather of each. AVX-512 has no better way of its own.

#include <immintrin.h>

namespace fastshesha {
namespace {

/// Two cells side by side: the pairs at `first` and `second`.
inline __m128 two_cells(const float* cells, std::uint64_t first, std::uint64_t second) {
    const __m128i low = _mm_loadu_si64(cells + 2 * first);
    return _mm_castpd_ps(
        _mm_loadh_pd(_mm_castsi128_pd(low), reinterpret_cast<const double*>(cells + 2 * second)));
}

inline void interpolate(float* places, const float* cells, float limit) {
    const __m256 place = _mm256_loadu_ps(places);
    const __m256i cell = _mm256_cvttps_epi32(place);
    const __m256 within = _mm256_sub_ps(place, _mm256_cvtepi32_ps(cell));
    const __m128i low = _mm256_castsi256_si128(cell);
    const __m128i high = _mm256_extracti128_si256(cell, 1);
    const auto c01 = static_cast<std::uint64_t>(_mm_cvtsi128_si64(low));
    const auto c23 = static_cast<std::uint64_t>(_mm_extract_epi64(low, 1));
    const auto c45 = static_cast<std::uint64_t>(_mm_cvtsi128_si64(high));
    const auto c67 = static_cast<std::uint64_t>(_mm_extract_epi64(high, 1));
    constexpr std::uint64_t half = 0xffffffff;
    const __m256 even = _mm256_set_m128(two_cells(cells, c45 & half, c45 >> 32),
                                        two_cells(cells, c01 & half, c01 >> 32));
    const __m256 odd = _mm256_set_m128(two_cells(cells, c67 & half, c67 >> 32),
                                       two_cells(cells, c23 & half, c23 >> 32));
    const __m256 slope = _mm256_shuffle_ps(even, odd, _MM_SHUFFLE(2, 0, 2, 0));
    const __m256 height = _mm256_shuffle_ps(even, odd, _MM_SHUFFLE(3, 1, 3, 1));
    const __m256 positive =
        _mm256_max_ps(_mm256_fmadd_ps(within, slope, height), _mm256_setzero_ps());
    _mm256_storeu_ps(places, _mm256_min_ps(positive, _mm256_set1_ps(limit)));
}

inline void interpolate(double* places, const double* cells, double limit) {
    const __m256d place = _mm256_loadu_pd(places);
    const __m128i cell = _mm256_cvttpd_epi32(place);
    const __m256d within = _mm256_sub_pd(place, _mm256_cvtepi32_pd(cell));
    const auto c01 = static_cast<std::uint64_t>(_mm_cvtsi128_si64(cell));
    const auto c23 = static_cast<std::uint64_t>(_mm_extract_epi64(cell, 1));
    constexpr std::uint64_t half = 0xffffffff;
    const __m256d even = _mm256_set_m128d(_mm_loadu_pd(cells + 2 * (c23 & half)),
                                          _mm_loadu_pd(cells + 2 * (c01 & half)));
    const __m256d odd = _mm256_set_m128d(_mm_loadu_pd(cells + 2 * (c23 >> 32)),
                                         _mm_loadu_pd(cells + 2 * (c01 >> 32)));
    const __m256d slope = _mm256_unpacklo_pd(even, odd);
    const __m256d height = _mm256_unpackhi_pd(even, odd);
    const __m256d positive =
        _mm256_max_pd(_mm256_fmadd_pd(within, slope, height), _mm256_setzero_pd());
    _mm256_storeu_pd(places, _mm256_min_pd(positive, _mm256_set1_pd(limit)));
}

/// places[c] = height + slope * (place - cell) of its cell, no lower than 0 or higher than limit.
/// Whole vectors are read: what follows the n places must be places, too.
template <class Scalar>
inline void apply_stage(Scalar* places, std::size_t n, const Scalar* cells, Scalar limit) {
    for (std::size_t c = 0; c < n; c += 32 / sizeof(Scalar)) {
        interpolate(places + c, cells, limit);
    }
}

}  // namespace
}  // namespace fastshesha
