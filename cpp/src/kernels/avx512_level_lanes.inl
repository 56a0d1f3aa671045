// Levels of a vector of similarities, as in avx2_level_lanes.inl. A single stage of few cells is
// held in registers, where a permutation finds what a load finds there.

#include "avx2_level_lanes.inl"

namespace fastshesha {
namespace {

// The zero-masked forms compile to the same code without a warning about an undefined operand.
constexpr __mmask16 all_lanes = 0xffff;

/// Slopes or heights of as many cells as four registers hold.
class HeldColumn {
public:
    static constexpr std::size_t n_cells = 64;

    /// Every second value of the cells, from `first` on, 0 or 1.
    HeldColumn(const float* cells, int first) {
        const __m512i every_second = _mm512_add_epi32(
            _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
            _mm512_set1_epi32(first));
        for (std::size_t k = 0; k < 4; ++k) {
            values_[k] = _mm512_permutex2var_ps(_mm512_loadu_ps(cells + 32 * k), every_second,
                                                _mm512_loadu_ps(cells + 32 * k + 16));
        }
    }

    __m512 at(__m512i cell, __mmask16 in_second_half) const {
        const __m512 first = _mm512_permutex2var_ps(values_[0], cell, values_[1]);
        const __m512 second = _mm512_permutex2var_ps(values_[2], cell, values_[3]);
        return _mm512_mask_blend_ps(in_second_half, first, second);
    }

private:
    __m512 values_[4];
};

inline __m512 clamped(__m512 place, __m512 limit) {
    const __m512 positive = _mm512_maskz_max_ps(all_lanes, place, _mm512_setzero_ps());
    return _mm512_maskz_min_ps(all_lanes, positive, limit);
}

/// height + slope * (place - cell) of every place's cell.
inline __m512 interpolated(__m512 place, const HeldColumn& slopes, const HeldColumn& heights) {
    const __m512i cell = _mm512_maskz_cvttps_epi32(all_lanes, place);
    const __m512 within = _mm512_sub_ps(place, _mm512_maskz_cvtepi32_ps(all_lanes, cell));
    const __mmask16 in_second_half =
        _mm512_test_epi32_mask(cell, _mm512_set1_epi32(HeldColumn::n_cells / 2));
    return _mm512_fmadd_ps(within, slopes.at(cell, in_second_half),
                           heights.at(cell, in_second_half));
}

inline bool find_by_held_cells(const float* values, std::size_t n, const LevelMap<float>& map,
                               const StageLimits<float>& limits, std::int32_t* levels) {
    if (map.n_stages != 1 || map.n_cells != HeldColumn::n_cells) {
        return false;
    }
    const HeldColumn slopes(map.cells, 0);
    const HeldColumn heights(map.cells, 1);
    const __m512 scale = _mm512_set1_ps(map.scale);
    const __m512 offset = _mm512_set1_ps(map.offset);
    for (std::size_t c = 0; c < n; c += 16) {
        const auto lanes = static_cast<__mmask16>(n - c < 16 ? (1u << (n - c)) - 1u : all_lanes);
        const __m512 first =
            _mm512_fmadd_ps(_mm512_maskz_loadu_ps(lanes, values + c), scale, offset);
        const __m512 places = clamped(first, _mm512_set1_ps(limits.cells));
        const __m512 last =
            clamped(interpolated(places, slopes, heights), _mm512_set1_ps(limits.base));
        _mm512_mask_storeu_epi32(levels + c, lanes, _mm512_maskz_cvttps_epi32(all_lanes, last));
    }
    return true;
}

}  // namespace
}  // namespace fastshesha
