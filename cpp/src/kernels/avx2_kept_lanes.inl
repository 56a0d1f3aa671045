// Some lanes of a vector moved to its front.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace fastshesha {
namespace {

constexpr std::size_t kept_lanes = 8;

/// For every set of lanes, theirs in rising order.
struct LaneLists {
    std::uint8_t lanes[256][kept_lanes];
};

constexpr LaneLists list_lanes() {
    LaneLists lists = {};
    for (std::size_t set = 0; set < 256; ++set) {
        std::size_t n = 0;
        for (std::size_t lane = 0; lane < kept_lanes; ++lane) {
            if ((set >> lane & 1) != 0) {
                lists.lanes[set][n++] = static_cast<std::uint8_t>(lane);
            }
        }
    }
    return lists;
}

constexpr LaneLists lane_lists = list_lanes();

inline std::size_t keep_lanes_above(const float* values, const std::uint32_t* numbers, float limit,
                                    float* kept_values, std::uint32_t* kept_numbers) {
    const __m256 value = _mm256_loadu_ps(values);
    const __m256i number = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(numbers));
    const __m256 above = _mm256_cmp_ps(value, _mm256_set1_ps(limit), _CMP_GT_OQ);
    const auto set = static_cast<unsigned>(_mm256_movemask_ps(above));
    const __m256i lanes = _mm256_cvtepu8_epi32(_mm_loadu_si64(lane_lists.lanes[set]));
    _mm256_storeu_ps(kept_values, _mm256_permutevar8x32_ps(value, lanes));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(kept_numbers),
                        _mm256_permutevar8x32_epi32(number, lanes));
    return static_cast<std::size_t>(__builtin_popcount(set));
}

}  // namespace
}  // namespace fastshesha
