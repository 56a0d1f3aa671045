#pragma once

#include <cstddef>
#include <cstdint>

namespace fastshesha {

/// Values of which keep_above takes the large ones at a time, at most.
inline constexpr std::size_t most_kept_lanes = 16;

/// The inner loops of the search for nearest rows, of one instruction set.
struct NearestKernels {
    /// Moves the values above a limit, and their numbers, to the front of what is kept; returns
    /// how many there are. n is a multiple of most_kept_lanes, or of the columns of a tile of
    /// floats. Behind the last one that is kept, most_kept_lanes more entries may be written. What
    /// is kept may lie where it came from.
    std::size_t (*keep_above)(const float* values, const std::uint32_t* numbers, std::size_t n,
                              float limit, float* kept_values, std::uint32_t* kept_numbers);

    /// How many of n values are larger than a limit.
    std::size_t (*count_above)(const float* values, std::size_t n, float limit);

    /// sums[i] += sum over k of rows[i][k] * query[k], to the bit that of Kernels::add_products,
    /// or of add_products_fused where there is one.
    void (*add_row_products)(const double* query, const double* const* rows, std::size_t n_rows,
                             std::size_t n_features, double* sums);

    /// places[i]: how many of n values are larger than values[i], or equal and before it.
    void (*find_places)(const double* values, std::size_t n, std::uint32_t* places);
};

extern const NearestKernels nearest_baseline;
extern const NearestKernels nearest_avx2;
extern const NearestKernels nearest_avx512;

}  // namespace fastshesha
