#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"
#include "kernels/kernels.hpp"
#include "nonzero_features.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Rows of a matrix widened to float64 and laid out for the kernels, features reordered so that
/// each of SciPy's partial sums runs over one contiguous stretch.
///
/// SciPy sums a dot product in two lanes, even and odd features, adds the lanes, then adds the
/// last feature when their number is odd. Squared differences run in one lane.
class PackedRows {
public:
    /// `columns` selects and orders features. Row sums for correlation are numpy's. A task of a
    /// parallel loop must do with one thread.
    void pack(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
              const Kernels& kernels, int n_threads = 1);

    std::size_t n_rows() const { return n_rows_; }
    std::size_t panel_stride() const { return panel_stride_; }
    const double* panel(std::size_t p) const { return data_.data() + p * panel_stride_; }
    /// Where the features of a lane begin; lane n_scipy_lanes is their end.
    std::size_t lane_begin(std::size_t lane) const { return lane == 0 ? 0 : lane_ends_[lane - 1]; }
    std::size_t n_features() const { return n_features_; }
    /// Of cosine rows only.
    const NonzeroFeatures& nonzero() const { return nonzero_; }
    /// One norm a row, and as many as fill the last tile.
    const double* norms() const { return norms_.data(); }

private:
    void lay_out(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                 const Kernels& kernels);
    void pack_panels(std::size_t begin, std::size_t end, const MatrixView& X,
                     std::span<const std::int64_t> columns, const Kernels& kernels);
    void fetch_ahead(const MatrixView& X, std::size_t row) const;
    void pack_panel(std::size_t p, const MatrixView& X, std::span<const std::int64_t> columns,
                    double* buffer);
    void compute_norms(std::size_t p, const Kernels& kernels);

    Metric metric_ = Metric::cosine;
    bool columns_follow_ = false;
    std::size_t panel_rows_ = 0;
    std::size_t n_rows_ = 0;
    std::size_t n_features_ = 0;
    std::size_t n_panels_ = 0;
    std::size_t panel_stride_ = 0;
    LaneEnds lane_ends_{};
    WorkBuffer<double> data_;
    std::vector<double> norms_;
    NonzeroFeatures nonzero_;
};

}  // namespace fastshesha
