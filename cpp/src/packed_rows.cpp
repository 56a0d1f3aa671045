#include "packed_rows.hpp"

#include <algorithm>
#include <cmath>

#include "fastshesha/error.hpp"
#include "pairwise_mean.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

// Panels that one task packs.
constexpr std::size_t panels_in_task = 8;
constexpr std::size_t rows_ahead = 2;

bool follow_each_other(std::span<const std::int64_t> columns) {
    const auto gap = [](std::int64_t a, std::int64_t b) { return b != a + 1; };
    return std::adjacent_find(columns.begin(), columns.end(), gap) == columns.end();
}

/// Lays `n_rows` rows side by side; of features in two lanes, even ones go into the first.
template <std::size_t n_rows>
void interleave(const double* rows, std::size_t n_features, const LaneEnds& lane_ends,
                double* panel) {
    const std::size_t first_lane = lane_ends[0];
    const std::size_t second_lane = lane_ends[1] - first_lane;
    const auto place = [&](std::size_t slot, std::size_t feature) {
        for (std::size_t r = 0; r < n_rows; ++r) {
            panel[slot * n_rows + r] = rows[r * n_features + feature];
        }
    };
    for (std::size_t k = 0; k < second_lane; ++k) {
        place(k, 2 * k);
        place(first_lane + k, 2 * k + 1);
    }
    for (std::size_t k = 2 * second_lane; k < n_features; ++k) {
        place(k, k);
    }
}

}  // namespace

void PackedRows::lay_out(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                         const Kernels& kernels) {
    const bool two_lanes = metric != Metric::euclidean;
    n_rows_ = X.n_rows;
    n_features_ = columns.size();
    columns_follow_ = follow_each_other(columns);
    metric_ = metric;
    const std::size_t half = n_features_ / 2;
    lane_ends_ = two_lanes ? LaneEnds{half, 2 * half, n_features_}
                           : LaneEnds{n_features_, n_features_, n_features_};
    panel_rows_ = kernels.panel_rows;
    // Whole tiles, so that the kernels never need to know where the matrix ends.
    const std::size_t tile_columns = panel_rows_ * kernels.tile_panels;
    n_panels_ = (n_rows_ + tile_columns - 1) / tile_columns * kernels.tile_panels;
    panel_stride_ = n_features_ * panel_rows_;
    data_.resize(checked_multiply(n_panels_, panel_stride_));
    norms_.assign(n_panels_ * panel_rows_, 0.0);
}

/// Columns in any order are not foreseen by the hardware.
void PackedRows::fetch_ahead(const MatrixView& X, std::size_t row) const {
    const bool takes_much_of_a_row = 4 * n_features_ >= X.n_columns;
    if (row < n_rows_ && takes_much_of_a_row) {
        prefetch_row(X, row, 0, X.n_columns);
    }
}

void PackedRows::pack_panel(std::size_t p, const MatrixView& X,
                            std::span<const std::int64_t> columns, double* buffer) {
    for (std::size_t r = 0; r < panel_rows_; ++r) {
        double* const row = buffer + r * n_features_;
        if (p * panel_rows_ + r >= n_rows_) {
            std::fill_n(row, n_features_, 0.0);
            continue;
        }
        if (columns_follow_ && n_features_ > 0) {
            const auto first = static_cast<std::size_t>(columns.front());
            read_row(X, p * panel_rows_ + r, first, n_features_, row);
        } else {
            fetch_ahead(X, p * panel_rows_ + r + rows_ahead);
            gather_row(X, p * panel_rows_ + r, columns.data(), n_features_, row);
        }
        if (metric_ == Metric::correlation) {
            subtract_mean(row, n_features_);
        }
    }
    double* const panel = data_.data() + p * panel_stride_;
    if (panel_rows_ == max_panel_rows) {
        interleave<max_panel_rows>(buffer, n_features_, lane_ends_, panel);
    } else {
        interleave<smallest_panel_rows>(buffer, n_features_, lane_ends_, panel);
    }
}

void PackedRows::compute_norms(std::size_t p, const Kernels& kernels) {
    double squares[n_scipy_lanes][max_panel_rows] = {};
    for (std::size_t lane = 0; lane < n_scipy_lanes; ++lane) {
        const std::size_t begin = lane_begin(lane);
        kernels.add_squares(panel(p) + begin * panel_rows_, lane_ends_[lane] - begin,
                            squares[lane]);
    }
    for (std::size_t r = 0; r < panel_rows_; ++r) {
        norms_[p * panel_rows_ + r] = std::sqrt(squares[0][r] + squares[1][r] + squares[2][r]);
    }
}

void PackedRows::pack_panels(std::size_t begin, std::size_t end, const MatrixView& X,
                             std::span<const std::int64_t> columns, const Kernels& kernels) {
    std::vector<double> buffer(panel_rows_ * n_features_);
    for (std::size_t p = begin; p < std::min(end, n_panels_); ++p) {
        pack_panel(p, X, columns, buffer.data());
        compute_norms(p, kernels);
    }
}

void PackedRows::pack(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                      const Kernels& kernels, int n_threads) {
    lay_out(X, columns, metric, kernels);
    const std::size_t n_tasks = (n_panels_ + panels_in_task - 1) / panels_in_task;
    share_tasks(n_tasks, n_threads, [&](std::size_t task, std::size_t) {
        pack_panels(task * panels_in_task, (task + 1) * panels_in_task, X, columns, kernels);
    });
    if (metric == Metric::cosine) {
        nonzero_.list({data_.data(), n_rows_, panel_rows_, lane_ends_}, n_threads);
    } else {
        nonzero_ = NonzeroFeatures();
    }
}

}  // namespace fastshesha
