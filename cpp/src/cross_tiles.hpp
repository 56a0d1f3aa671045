#pragma once

#include <cstddef>

#include "tile_distances.hpp"

namespace fastshesha {

/// Distances of packed rows to other packed rows, block after block; a block is some rows of the
/// result by columns that fit the second-level cache.
class CrossTiles {
public:
    CrossTiles(const PackedRows& rows, const PackedRows& columns, Metric metric,
               const Kernels& kernels, Rounding rounding);

    std::size_t n_blocks() const { return n_row_blocks_ * n_column_blocks_; }

    /// Writes the distances of block `index` into the matrix `out`, row after row.
    void compute_block(std::size_t index, double* out) const;

private:
    void compute_tile(std::size_t first_row, std::size_t first_column, double* out) const;

    const TileDistances distances_;
    const std::size_t n_rows_;
    const std::size_t n_columns_;
    const std::size_t panel_rows_;
    const std::size_t block_size_;
    const std::size_t n_row_blocks_;
    const std::size_t n_column_blocks_;
};

}  // namespace fastshesha
