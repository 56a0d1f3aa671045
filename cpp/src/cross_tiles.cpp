#include "cross_tiles.hpp"

#include <algorithm>

#include "tile_grid.hpp"

namespace fastshesha {

CrossTiles::CrossTiles(const PackedRows& rows, const PackedRows& columns, Metric metric,
                       const Kernels& kernels, Rounding rounding)
    : distances_(rows, columns, metric, kernels, rounding),
      n_rows_(rows.n_rows()),
      n_columns_(columns.n_rows()),
      panel_rows_(kernels.panel_rows),
      block_size_(rows_in_block(rows.n_features(), kernels)),
      n_row_blocks_((n_rows_ + block_size_ - 1) / block_size_),
      n_column_blocks_((n_columns_ + block_size_ - 1) / block_size_) {}

void CrossTiles::compute_block(std::size_t index, double* out) const {
    const std::size_t begin_i = index / n_column_blocks_ * block_size_;
    const std::size_t begin_j = index % n_column_blocks_ * block_size_;
    const std::size_t end_i = std::min(n_rows_, begin_i + block_size_);
    const std::size_t end_j = std::min(n_columns_, begin_j + block_size_);
    for (std::size_t j = begin_j; j < end_j; j += distances_.n_columns()) {
        for (std::size_t i = begin_i; i < end_i; i += panel_rows_) {
            compute_tile(i, j, out);
        }
    }
}

void CrossTiles::compute_tile(std::size_t first_row, std::size_t first_column, double* out) const {
    alignas(64) double tile[max_panel_rows * max_tile_columns] = {};
    distances_.accumulate(first_row, first_column, tile);
    const std::size_t width = std::min(distances_.n_columns(), n_columns_ - first_column);
    for (std::size_t i = first_row; i < std::min(n_rows_, first_row + panel_rows_); ++i) {
        double distances[max_tile_columns];
        distances_.finish_row(i, first_column, tile + (i - first_row) * distances_.n_columns(),
                              distances);
        std::copy_n(distances, width, out + i * n_columns_ + first_column);
    }
}

}  // namespace fastshesha
