#include "distance_tiles.hpp"

namespace fastshesha {

void DistanceTiles::compute_block(std::size_t index, double* out) const {
    grid_.for_each_tile(index, [&](std::size_t first_row, std::size_t first_column) {
        alignas(64) double tile[max_panel_rows * max_tile_columns] = {};
        accumulate(first_row, first_column, tile);
        grid_.for_each_row(first_row, [&](std::size_t i, std::size_t r) {
            finish_row(i, first_column, tile + r * grid_.tile_columns(), out);
        });
    });
}

void DistanceTiles::accumulate(std::size_t first_row, std::size_t first_column,
                               double* tile) const {
    const double* rows = rows_.panel(first_row / kernels_.panel_rows);
    const double* columns = rows_.panel(first_column / kernels_.panel_rows);
    const std::size_t stride = rows_.panel_stride();
    if (metric_ == Metric::euclidean) {
        kernels_.add_squared_differences(rows, columns, stride, rows_.n_features(), tile);
        return;
    }
    if (rounding_ == Rounding::fused) {
        kernels_.add_products_fused(rows, columns, stride, rows_.n_features(), tile);
        return;
    }
    const std::size_t size = kernels_.panel_rows * grid_.tile_columns();
    const std::size_t second = rows_.first_lane() * kernels_.panel_rows;
    double second_lane[max_panel_rows * max_tile_columns] = {};
    kernels_.add_products(rows, columns, stride, rows_.first_lane(), tile);
    kernels_.add_products(rows + second, columns + second, stride, rows_.second_lane(),
                          second_lane);
    for (std::size_t e = 0; e < size; ++e) {
        tile[e] += second_lane[e];
    }
    if (rows_.tail() < rows_.n_features()) {
        const std::size_t tail = rows_.tail() * kernels_.panel_rows;
        kernels_.add_products(rows + tail, columns + tail, stride, 1, tile);
    }
}

void DistanceTiles::compute_all(const Worker& worker, double* out) const {
    for (std::size_t block = 0; block < n_blocks(); ++block) {
        worker.check_interrupt();
        compute_block(block, out);
    }
}

void DistanceTiles::finish_row(std::size_t i, std::size_t first_column, const double* sums,
                               double* out) const {
    grid_.write_row(i, first_column, out, [&](double* distances) {
        if (metric_ == Metric::euclidean) {
            kernels_.square_roots(sums, distances);
        } else {
            kernels_.cosine_distances(sums, rows_.norms()[i], rows_.norms() + first_column,
                                      distances);
        }
    });
}

}  // namespace fastshesha
