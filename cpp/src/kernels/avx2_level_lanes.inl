// Levels of a vector of similarities: a cell's slope and height are loaded together, which is
// faster than a gather of each.

#include <immintrin.h>

namespace fastshesha {
namespace {

template <class Scalar>
constexpr std::size_t level_lanes = 64 / sizeof(Scalar);

/// Two cells side by side: the pairs at `first` and `second`.
inline __m128 two_cells(const float* cells, std::uint64_t first, std::uint64_t second) {
    const __m128i low = _mm_loadu_si64(cells + 2 * first);
    return _mm_castpd_ps(
        _mm_loadh_pd(_mm_castsi128_pd(low), reinterpret_cast<const double*>(cells + 2 * second)));
}

inline __m256 clamped(__m256 place, float limit) {
    return _mm256_min_ps(_mm256_max_ps(place, _mm256_setzero_ps()), _mm256_set1_ps(limit));
}

inline __m256d clamped(__m256d place, double limit) {
    return _mm256_min_pd(_mm256_max_pd(place, _mm256_setzero_pd()), _mm256_set1_pd(limit));
}

/// height + slope * (place - cell) of every place's cell.
inline __m256 interpolated(__m256 place, const float* cells) {
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
    return _mm256_fmadd_ps(within, slope, height);
}

inline __m256d interpolated(__m256d place, const double* cells) {
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
    return _mm256_fmadd_pd(within, slope, height);
}

inline __m256 first_places(const float* values, const LevelMap<float>& map) {
    return _mm256_fmadd_ps(_mm256_loadu_ps(values), _mm256_set1_ps(map.scale),
                           _mm256_set1_ps(map.offset));
}

inline __m256d first_places(const double* values, const LevelMap<double>& map) {
    return _mm256_fmadd_pd(_mm256_loadu_pd(values), _mm256_set1_pd(map.scale),
                           _mm256_set1_pd(map.offset));
}

inline void store_levels(std::int32_t* levels, __m256 places) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(levels), _mm256_cvttps_epi32(places));
}

inline void store_levels(std::int32_t* levels, __m256d places) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(levels), _mm256_cvttpd_epi32(places));
}

/// Levels of level_lanes values: of two vectors side by side, which hardly wait for each other.
template <class Scalar>
inline void find_stretch(const Scalar* values, const LevelMap<Scalar>& map,
                         const StageLimits<Scalar>& limits, std::int32_t* levels) {
    constexpr std::size_t half = level_lanes<Scalar> / 2;
    auto first = clamped(first_places(values, map), limits.cells);
    auto second = clamped(first_places(values + half, map), limits.cells);
    for (std::size_t stage = 1; stage < map.n_stages; ++stage) {
        first = clamped(interpolated(first, cells_of(map, stage - 1)), limits.cells);
        second = clamped(interpolated(second, cells_of(map, stage - 1)), limits.cells);
    }
    const Scalar* last = cells_of(map, map.n_stages - 1);
    store_levels(levels, clamped(interpolated(first, last), limits.base));
    store_levels(levels + half, clamped(interpolated(second, last), limits.base));
}

}  // namespace
}  // namespace fastshesha
