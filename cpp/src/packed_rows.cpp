#include "packed_rows.hpp"

#include <algorithm>
#include <cmath>

#include "fastshesha/error.hpp"
#include "pairwise_mean.hpp"

namespace fastshesha {

void PackedRows::lay_out(std::size_t n_features, Metric metric) {
    const bool two_lanes = metric != Metric::euclidean;
    n_features_ = n_features;
    second_lane_ = two_lanes ? n_features / 2 : 0;
    first_lane_ = two_lanes ? n_features / 2 : n_features;
    tail_ = first_lane_ + second_lane_;
    slot_of_feature_.resize(n_features);
    for (std::size_t k = 0; k < n_features; ++k) {
        const bool in_lanes = two_lanes && k < tail_;
        slot_of_feature_[k] = in_lanes ? k / 2 + (k % 2) * first_lane_ : k;
    }
}

void PackedRows::pack_panel(std::size_t p, const double* rows, const Kernels& kernels) {
    double* panel = data_.data() + p * panel_stride_;
    for (std::size_t k = 0; k < n_features_; ++k) {
        double* slot = panel + slot_of_feature_[k] * kernels.panel_rows;
        for (std::size_t r = 0; r < kernels.panel_rows; ++r) {
            slot[r] = rows[r * n_features_ + k];
        }
    }
}

void PackedRows::compute_norms(const Kernels& kernels) {
    const std::size_t rows = kernels.panel_rows;
    for (std::size_t p = 0; p < n_panels_; ++p) {
        double first[max_panel_rows] = {};
        double second[max_panel_rows] = {};
        kernels.add_squares(panel(p), first_lane_, first);
        kernels.add_squares(panel(p) + first_lane_ * rows, second_lane_, second);
        for (std::size_t r = 0; r < rows; ++r) {
            double square = first[r] + second[r];
            if (tail_ < n_features_) {
                const double last = panel(p)[tail_ * rows + r];
                square += last * last;
            }
            norms_[p * rows + r] = std::sqrt(square);
        }
    }
}

void PackedRows::pack(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                      const Kernels& kernels) {
    const std::size_t rows = kernels.panel_rows;
    const std::size_t tile_columns = rows * kernels.tile_panels;
    lay_out(columns.size(), metric);
    n_rows_ = X.n_rows;
    // Whole tiles, so that the kernels never need to know where the matrix ends.
    n_panels_ = (X.n_rows + tile_columns - 1) / tile_columns * kernels.tile_panels;
    panel_stride_ = n_features_ * rows;
    data_.resize(checked_multiply(n_panels_, panel_stride_));
    norms_.assign(n_panels_ * rows, 0.0);
    std::vector<double> buffer(rows * n_features_);
    for (std::size_t p = 0; p < n_panels_; ++p) {
        for (std::size_t r = 0; r < rows; ++r) {
            double* row = buffer.data() + r * n_features_;
            if (p * rows + r >= X.n_rows) {
                std::fill_n(row, n_features_, 0.0);
                continue;
            }
            gather_row(X, p * rows + r, columns.data(), n_features_, row);
            if (metric == Metric::correlation) {
                subtract_mean(row, n_features_);
            }
        }
        pack_panel(p, buffer.data(), kernels);
    }
    if (metric != Metric::euclidean) {
        compute_norms(kernels);
    }
}

}  // namespace fastshesha
