#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/level_map.hpp"

namespace fastshesha {

/// Similarities that are computed and mapped together, at most.
inline constexpr std::size_t stream_area = 4096;

/// Features whose products are summed in one register; the sums of such stretches are then added,
/// one after the other. Panels of rows and columns over a stretch fit the first-level cache.
inline constexpr std::size_t feature_stretch = 192;

/// An entry of a packed table: the count of a level in the high 24 bits, the sum of the other
/// side's levels in the low 40.
inline constexpr int count_shift = 40;
inline constexpr std::uint64_t one_pair = std::uint64_t{1} << count_shift;
inline constexpr std::uint64_t sum_mask = one_pair - 1;

/// So many levels behind the last pair are read, too.
inline constexpr std::size_t pairs_ahead = 16;

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

/// The inner loops of streamed tiles for one type and instruction set. Feature k of row r of a
/// panel of rows lies at rows[k * panel_rows + r]; columns, and tiles row after row, likewise.
template <class Scalar>
struct StreamKernels {
    std::size_t panel_rows;
    std::size_t panel_columns;

    /// tile[r][c] = sum over k of rows[k][r] * columns[k][c] (added to the tile where `adds`), in
    /// the order of k, by fused multiply-adds where the CPU has them. Pairs that wait, if any, are
    /// counted beside the features.
    void (*multiply)(const Scalar* rows, const Scalar* columns, std::size_t n_features, bool adds,
                     Scalar* tile, WaitingPairs* waiting);

    /// The same over the features k that a list holds.
    void (*multiply_listed)(const Scalar* rows, const Scalar* columns,
                            const std::uint32_t* features, std::size_t n_features, bool adds,
                            Scalar* tile, WaitingPairs* waiting);

    /// tile[r][c] -= row_offsets[r] + column_offsets[c] for some rows of panel_columns values.
    void (*subtract_offsets)(const Scalar* row_offsets, const Scalar* column_offsets,
                             std::size_t n_rows, Scalar* tile);

    /// tile[r][c] *= row_factors[r] * column_factors[c], likewise.
    void (*scale)(const Scalar* row_factors, const Scalar* column_factors, std::size_t n_rows,
                  Scalar* tile);

    /// rest[r][c] = totals[r][c] - parts[r][c], likewise.
    void (*subtract)(const Scalar* totals, const Scalar* parts, std::size_t n_rows, Scalar* rest);

    /// levels[c] = level of values[c] for n <= stream_area values.
    void (*find_levels)(const Scalar* values, std::size_t n, const LevelMap<Scalar>& map,
                        std::int32_t* levels);

    /// Counts all pairs that wait.
    void (*count)(WaitingPairs& pairs);
};

#define FASTSHESHA_DECLARE_STREAM(type, level)                                                    \
    void multiply_##type##_##level(const type* rows, const type* columns, std::size_t n_features, \
                                   bool adds, type* tile, WaitingPairs* waiting);                 \
    void multiply_listed_##type##_##level(const type* rows, const type* columns,                  \
                                          const std::uint32_t* features, std::size_t n_features,  \
                                          bool adds, type* tile, WaitingPairs* waiting);          \
    void subtract_offsets_##type##_##level(const type* row_offsets, const type* column_offsets,   \
                                           std::size_t n_rows, type* tile);                       \
    void scale_##type##_##level(const type* row_factors, const type* column_factors,              \
                                std::size_t n_rows, type* tile);                                  \
    void subtract_##type##_##level(const type* totals, const type* parts, std::size_t n_rows,     \
                                   type* rest);                                                   \
    extern const StreamKernels<type> stream_##type##_##level;
FASTSHESHA_DECLARE_STREAM(float, baseline)
FASTSHESHA_DECLARE_STREAM(double, baseline)
FASTSHESHA_DECLARE_STREAM(float, avx2)
FASTSHESHA_DECLARE_STREAM(double, avx2)
FASTSHESHA_DECLARE_STREAM(float, avx512)
FASTSHESHA_DECLARE_STREAM(double, avx512)
#undef FASTSHESHA_DECLARE_STREAM

}  // namespace fastshesha
