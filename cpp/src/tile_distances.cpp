#include "tile_distances.hpp"

namespace fastshesha {

void TileDistances::accumulate(std::size_t first_row, std::size_t first_column,
                               double* tile) const {
    const double* rows = rows_.panel(first_row / kernels_.panel_rows);
    const double* columns = columns_.panel(first_column / kernels_.panel_rows);
    const std::size_t stride = columns_.panel_stride();
    const std::size_t n_features = rows_.n_features();
    if (metric_ == Metric::euclidean) {
        kernels_.add_squared_differences(rows, columns, stride, n_features, tile);
        return;
    }
    if (rounding_ == Rounding::fused) {
        kernels_.add_products_fused(rows, columns, stride, n_features, tile);
        return;
    }
    const std::size_t size = kernels_.panel_rows * n_columns();
    const std::size_t second = rows_.first_lane() * kernels_.panel_rows;
    double second_lane[max_panel_rows * max_tile_columns] = {};
    kernels_.add_products(rows, columns, stride, rows_.first_lane(), tile);
    kernels_.add_products(rows + second, columns + second, stride, rows_.second_lane(),
                          second_lane);
    for (std::size_t e = 0; e < size; ++e) {
        tile[e] += second_lane[e];
    }
    if (rows_.tail() < n_features) {
        const std::size_t tail = rows_.tail() * kernels_.panel_rows;
        kernels_.add_products(rows + tail, columns + tail, stride, 1, tile);
    }
}

void TileDistances::finish_row(std::size_t i, std::size_t first_column, const double* sums,
                               double* distances) const {
    if (metric_ == Metric::euclidean) {
        kernels_.square_roots(sums, distances);
    } else {
        kernels_.cosine_distances(sums, rows_.norms()[i], columns_.norms() + first_column,
                                  distances);
    }
}

}  // namespace fastshesha
