#include "moment_tiles.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "interrupt.hpp"
#include "square_tile.hpp"
#include "tile_distances.hpp"

namespace fastshesha {
namespace {

// Columns that stay in the second-level cache while all rows of a tile meet them.
constexpr std::size_t stretch_bytes = std::size_t{256} << 10;
constexpr std::size_t largest_stretch = 40 * max_tile_columns;
// Sums of a row that run side by side.
constexpr std::size_t n_lanes = 4;

std::vector<std::int64_t> all_columns(const MatrixView& X) {
    std::vector<std::int64_t> columns(X.n_columns);
    std::iota(columns.begin(), columns.end(), 0);
    return columns;
}

/// A number of columns that tiles of all instruction sets divide, for it decides about the order
/// of the sums.
std::size_t columns_in_stretch(std::size_t n_features) {
    const std::size_t bytes =
        max_tile_columns * sizeof(double) * std::max<std::size_t>(1, n_features);
    const std::size_t n = std::max<std::size_t>(1, stretch_bytes / bytes) * max_tile_columns;
    return std::min(n, largest_stretch);
}

void add(const DistanceMoments& more, DistanceMoments& sums) {
    sums.a += more.a;
    sums.b += more.b;
    sums.aa += more.aa;
    sums.ab += more.ab;
    sums.bb += more.bb;
}

}  // namespace

MomentTiles::MomentTiles(const MomentSide& a, const MomentSide& b, std::size_t n_blocks,
                         const Kernels& kernels)
    : sides_{a, b},
      n_rows_(a.X.n_rows),
      n_blocks_(n_blocks),
      kernels_(kernels),
      columns_{all_columns(a.X), all_columns(b.X)},
      rows_{std::numeric_limits<std::size_t>::max(), 0, {}},
      other_rows_(rows_),
      stretch_(columns_in_stretch(a.X.n_columns + b.X.n_columns)) {
    for (WorkBuffer<double>& strip : strip_) {
        strip.resize(max_panel_rows * stretch_);
    }
}

DistanceMoments MomentTiles::run(std::size_t tile) {
    const auto [i, j] = square_tile(n_blocks_, tile);
    hold(rows_, i);
    hold(other_rows_, j);
    DistanceMoments sums{};
    for (std::size_t begin = 0; begin < other_rows_.n_rows; begin += stretch_) {
        add(of_stretch(begin, std::min(other_rows_.n_rows, begin + stretch_), i == j), sums);
    }
    return sums;
}

/// Tiles that follow each other often share a block.
void MomentTiles::hold(Block& block, std::size_t index) const {
    if (block.index == index) {
        return;
    }
    const std::size_t begin = n_rows_ * index / n_blocks_;
    block.n_rows = n_rows_ * (index + 1) / n_blocks_ - begin;
    for (std::size_t side = 0; side < 2; ++side) {
        MatrixView X = sides_[side].X;
        X.data += static_cast<std::ptrdiff_t>(begin) * X.row_stride;
        X.n_rows = block.n_rows;
        check_interrupt_of_thread();
        block.sides[side].pack(X, columns_[side], Metric::euclidean, kernels_);
    }
    block.index = index;
}

/// The moments of all rows with columns [begin, end), or with those behind them.
DistanceMoments MomentTiles::of_stretch(std::size_t begin, std::size_t end, bool above_diagonal) {
    DistanceMoments sums{};
    const std::size_t last_row = above_diagonal ? std::min(rows_.n_rows, end) : rows_.n_rows;
    for (std::size_t first = 0; first < last_row; first += kernels_.panel_rows) {
        check_interrupt_of_thread();
        fill_strip(0, first, begin, end);
        fill_strip(1, first, begin, end);
        for (std::size_t i = first; i < std::min(last_row, first + kernels_.panel_rows); ++i) {
            const std::size_t start = above_diagonal ? std::max(begin, i + 1) : begin;
            if (start < end) {
                const std::size_t place = (i - first) * stretch_ + start - begin;
                add_row(strip_[0].data() + place, strip_[1].data() + place, end - start, sums);
            }
        }
    }
    return sums;
}

/// Distances of a panel of rows to a stretch of columns, each row's behind the other.
void MomentTiles::fill_strip(std::size_t side, std::size_t first_row, std::size_t begin,
                             std::size_t end) {
    const TileDistances distances(rows_.sides[side], other_rows_.sides[side], Metric::euclidean,
                                  kernels_, Rounding::exact);
    for (std::size_t j = begin; j < end; j += distances.n_columns()) {
        alignas(64) double tile[max_panel_rows * max_tile_columns] = {};
        distances.accumulate(first_row, j, tile);
        for (std::size_t r = 0; r < kernels_.panel_rows; ++r) {
            distances.finish_row(first_row + r, j, tile + r * distances.n_columns(),
                                 strip_[side].data() + r * stretch_ + j - begin);
        }
    }
}

/// Adds n pairs in an order that depends on nothing but their number.
void MomentTiles::add_row(const double* a, const double* b, std::size_t n,
                          DistanceMoments& sums) const {
    double lanes[5][n_lanes] = {};
    const auto enter = [&](std::size_t k, std::size_t lane) {
        const double x = (a[k] - sides_[0].centre) * sides_[0].scale;
        const double y = (b[k] - sides_[1].centre) * sides_[1].scale;
        lanes[0][lane] += x;
        lanes[1][lane] += y;
        lanes[2][lane] += x * x;
        lanes[3][lane] += x * y;
        lanes[4][lane] += y * y;
    };
    std::size_t k = 0;
    for (; k + n_lanes <= n; k += n_lanes) {
        for (std::size_t lane = 0; lane < n_lanes; ++lane) {
            enter(k + lane, lane);
        }
    }
    for (std::size_t lane = 0; k + lane < n; ++lane) {
        enter(k + lane, lane);
    }
    const auto total = [&](std::size_t kind) {
        return (lanes[kind][0] + lanes[kind][1]) + (lanes[kind][2] + lanes[kind][3]);
    };
    add({total(0), total(1), total(2), total(3), total(4)}, sums);
}

}  // namespace fastshesha
