#pragma once

#include <cstddef>

#include "fastshesha/metric.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"

namespace fastshesha {

enum class Rounding {
    exact,  ///< SciPy's bits
    fused,  ///< fused multiply-adds: see fused_error for how far from SciPy
};

/// Cuts the upper triangle of a distance matrix into blocks of rows by rows that fit the
/// second-level cache. Blocks may be computed in any order and by any thread: each writes only
/// its own entries of the condensed vector.
class DistanceTiles {
public:
    DistanceTiles(const PackedRows& rows, Metric metric, const Kernels& kernels,
                  Rounding rounding = Rounding::exact);

    std::size_t n_blocks() const { return n_row_blocks_ * (n_row_blocks_ + 1) / 2; }

    /// Writes the distances of block `index` into the condensed vector `out`.
    void compute_block(std::size_t index, double* out) const;

private:
    void compute_tile(std::size_t row_panel, std::size_t column_panel, double* out) const;
    void accumulate(std::size_t row_panel, std::size_t column_panel, double* tile) const;
    void finish_row(std::size_t i, std::size_t first_column, const double* sums,
                    double* out) const;

    const PackedRows& rows_;
    const Metric metric_;
    const Kernels& kernels_;
    const Rounding rounding_;
    const std::size_t tile_columns_;
    std::size_t block_rows_;
    std::size_t n_row_blocks_;
};

}  // namespace fastshesha
