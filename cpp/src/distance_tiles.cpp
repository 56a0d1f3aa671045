#include "distance_tiles.hpp"

#include <algorithm>
#include <cmath>

#include "condensed_index.hpp"

namespace fastshesha {
namespace {

// Two blocks of packed rows take half of a second-level cache of 1 MiB.
constexpr std::size_t block_bytes = std::size_t{256} << 10;

/// Block (I, J), I <= J, of the index-th entry of the triangle J (J + 1) / 2 + I.
void block_of_index(std::size_t index, std::size_t& I, std::size_t& J) {
    J = static_cast<std::size_t>((std::sqrt(8.0 * static_cast<double>(index) + 1.0) - 1.0) / 2.0);
    while (J * (J + 1) / 2 > index) {
        --J;
    }
    while ((J + 1) * (J + 2) / 2 <= index) {
        ++J;
    }
    I = index - J * (J + 1) / 2;
}

}  // namespace

DistanceTiles::DistanceTiles(const PackedRows& rows, Metric metric, const Kernels& kernels,
                             Rounding rounding)
    : rows_(rows),
      metric_(metric),
      kernels_(kernels),
      rounding_(rounding),
      tile_columns_(kernels.panel_rows * kernels.tile_panels) {
    const std::size_t row_bytes = sizeof(double) * std::max<std::size_t>(1, rows.n_features());
    const std::size_t tiles = std::max<std::size_t>(1, block_bytes / (row_bytes * tile_columns_));
    block_rows_ = tiles * tile_columns_;
    n_row_blocks_ = (rows.n_rows() + block_rows_ - 1) / block_rows_;
}

void DistanceTiles::compute_block(std::size_t index, double* out) const {
    std::size_t I = 0;
    std::size_t J = 0;
    block_of_index(index, I, J);
    const std::size_t n = rows_.n_rows();
    const std::size_t end_i = std::min(n, (I + 1) * block_rows_);
    const std::size_t end_j = std::min(n, (J + 1) * block_rows_);
    for (std::size_t j = J * block_rows_; j < end_j; j += tile_columns_) {
        const std::size_t last_i = std::min(end_i, j + tile_columns_);
        for (std::size_t i = I * block_rows_; i < last_i; i += kernels_.panel_rows) {
            compute_tile(i / kernels_.panel_rows, j / kernels_.panel_rows, out);
        }
    }
}

void DistanceTiles::accumulate(std::size_t row_panel, std::size_t column_panel,
                               double* tile) const {
    const double* rows = rows_.panel(row_panel);
    const double* columns = rows_.panel(column_panel);
    const std::size_t stride = rows_.panel_stride();
    if (metric_ == Metric::euclidean) {
        kernels_.add_squared_differences(rows, columns, stride, rows_.n_features(), tile);
        return;
    }
    if (rounding_ == Rounding::fused) {
        kernels_.add_products_fused(rows, columns, stride, rows_.n_features(), tile);
        return;
    }
    const std::size_t size = kernels_.panel_rows * tile_columns_;
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

void DistanceTiles::finish_row(std::size_t i, std::size_t first_column, const double* sums,
                               double* out) const {
    double distances[max_tile_columns];
    if (metric_ == Metric::euclidean) {
        kernels_.square_roots(sums, distances);
    } else {
        kernels_.cosine_distances(sums, rows_.norms()[i], rows_.norms() + first_column, distances);
    }
    const std::size_t n = rows_.n_rows();
    const std::size_t begin = std::max(first_column, i + 1);
    const std::size_t end = std::min(first_column + tile_columns_, n);
    if (begin < end) {
        double* row = out + condensed_row_start(i, n);
        std::copy(distances + (begin - first_column), distances + (end - first_column),
                  row + (begin - i - 1));
    }
}

void DistanceTiles::compute_tile(std::size_t row_panel, std::size_t column_panel,
                                 double* out) const {
    alignas(64) double tile[max_panel_rows * max_tile_columns] = {};
    accumulate(row_panel, column_panel, tile);
    const std::size_t first_row = row_panel * kernels_.panel_rows;
    const std::size_t end_row = std::min(first_row + kernels_.panel_rows, rows_.n_rows());
    for (std::size_t i = first_row; i < end_row; ++i) {
        finish_row(i, column_panel * kernels_.panel_rows, tile + (i - first_row) * tile_columns_,
                   out);
    }
}

}  // namespace fastshesha
