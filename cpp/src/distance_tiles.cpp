#include "distance_tiles.hpp"

#include <algorithm>

namespace fastshesha {

void DistanceTiles::compute_block(std::size_t index, double* out) const {
    grid_.for_each_tile(index, [&](std::size_t first_row, std::size_t first_column) {
        alignas(64) double tile[max_panel_rows * max_tile_columns];
        std::fill_n(tile, grid_.tile_size(), 0.0);
        distances_.accumulate(first_row, first_column, tile);
        grid_.for_each_row(first_row, [&](std::size_t i, std::size_t r) {
            const double* sums = tile + r * grid_.tile_columns();
            grid_.write_row(i, first_column, out, [&](double* distances) {
                distances_.finish_row(i, first_column, sums, distances);
            });
        });
    });
}

void DistanceTiles::compute_all(const Worker& worker, double* out) const {
    for (std::size_t block = 0; block < n_blocks(); ++block) {
        worker.check_interrupt();
        compute_block(block, out);
    }
}

}  // namespace fastshesha
