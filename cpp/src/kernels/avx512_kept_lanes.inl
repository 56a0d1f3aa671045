// Some lanes of a vector moved to its front.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace fastshesha {
namespace {

constexpr std::size_t kept_lanes = 16;

/// Compressed in registers: Zen 4 takes many times as long to compress into memory.
inline std::size_t keep_lanes_above(const float* values, const std::uint32_t* numbers, float limit,
                                    float* kept_values, std::uint32_t* kept_numbers) {
    const __m512 value = _mm512_loadu_ps(values);
    const __m512i number = _mm512_loadu_si512(numbers);
    const __mmask16 above = _mm512_cmp_ps_mask(value, _mm512_set1_ps(limit), _CMP_GT_OQ);
    _mm512_storeu_ps(kept_values, _mm512_maskz_compress_ps(above, value));
    _mm512_storeu_si512(kept_numbers, _mm512_maskz_compress_epi32(above, number));
    return static_cast<std::size_t>(__builtin_popcount(above));
}

}  // namespace
}  // namespace fastshesha
