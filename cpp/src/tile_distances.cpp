#include "tile_distances.hpp"

#include <algorithm>

namespace fastshesha {
namespace {

// A square that is a smaller share of what it is the difference of would lose two digits.
constexpr double least_share = 0.05;
// Beyond, squares lose digits to underflow or overflow.
constexpr double smallest_whole = 0x1p-900;
constexpr double largest_whole = 0x1p1000;

}  // namespace

void TileDistances::accumulate(std::size_t first_row, std::size_t first_column,
                               double* tile) const {
    const double* rows = rows_.panel(first_row / kernels_.panel_rows);
    const double* columns = columns_.panel(first_column / kernels_.panel_rows);
    const std::size_t stride = columns_.panel_stride();
    const std::size_t n_features = rows_.n_features();
    if (metric_ == Metric::euclidean && rounding_ == Rounding::fused) {
        kernels_.add_products_fused(rows, columns, stride, n_features, tile);
        if (squares_from_products(first_row, first_column, tile)) {
            return;
        }
        std::fill_n(tile, kernels_.panel_rows * n_columns(), 0.0);
    }
    if (metric_ == Metric::euclidean) {
        kernels_.add_squared_differences(rows, columns, stride, n_features, tile);
        return;
    }
    if (rounding_ == Rounding::fused) {
        kernels_.add_products_fused(rows, columns, stride, n_features, tile);
    } else if (lists_products_) {
        add_lanes(tile, [&](std::size_t lane, double* sums) {
            for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
                kernels_.add_listed_products(rows_.nonzero().of(first_row + r, lane), columns,
                                             stride, sums + r * n_columns());
            }
        });
    } else {
        add_lanes(tile, [&](std::size_t lane, double* sums) {
            const std::size_t begin = rows_.lane_begin(lane);
            const std::size_t skipped = begin * kernels_.panel_rows;
            kernels_.add_products(rows + skipped, columns + skipped, stride,
                                  rows_.lane_begin(lane + 1) - begin, sums);
        });
    }
}

/// Adds the products of all lanes in SciPy's order.
template <class AddLane>
void TileDistances::add_lanes(double* tile, const AddLane& add_lane) const {
    const std::size_t size = kernels_.panel_rows * n_columns();
    double second_lane[max_panel_rows * max_tile_columns];
    std::fill_n(second_lane, size, 0.0);
    add_lane(0, tile);
    add_lane(1, second_lane);
    for (std::size_t e = 0; e < size; ++e) {
        tile[e] += second_lane[e];
    }
    if (rows_.lane_begin(2) < rows_.n_features()) {
        add_lane(2, tile);
    }
}

/// |x|^2 + |y|^2 - 2 x y in place of x y; false where some of them nearly cancel, or overflow.
bool TileDistances::squares_from_products(std::size_t first_row, std::size_t first_column,
                                          double* tile) const {
    const double* const of_columns = columns_.norms() + first_column;
    bool keeps_digits = true;
    for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
        const double norm = rows_.norms()[first_row + r];
        double* const row = tile + r * n_columns();
        for (std::size_t c = 0; c < n_columns(); ++c) {
            const double whole = norm * norm + of_columns[c] * of_columns[c];
            row[c] = whole - 2.0 * row[c];
            keeps_digits &=
                row[c] >= least_share * whole && whole <= largest_whole && whole >= smallest_whole;
        }
    }
    return keeps_digits;
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
