#pragma once

#include <cstddef>
#include <vector>

#include "close_scores.hpp"
#include "fastshesha/matrix_view.hpp"
#include "kernels/stream_kernels.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Rows times their factors, whose products with others, and offsets, are scores.
struct ScoredRows {
    MatrixView rows;
    const double* norms;
    const double* factors;
    /// Null for queries, which have none.
    const double* offsets;
};

/// Rows in float32 in panels of equal width, with one more feature: offsets, or ones. Rows that
/// fill the last panel are infinitely far.
class FloatPanels {
public:
    void pack(const ScoredRows& scored, std::size_t width, int n_threads);

    std::size_t n_panels() const { return n_panels_; }
    const float* panel(std::size_t p) const { return data_.data() + p * panel_size_; }

private:
    void pack_row(const ScoredRows& scored, std::size_t row, std::size_t width,
                  std::vector<double>& values);

    std::size_t n_panels_ = 0;
    std::size_t panel_size_ = 0;
    WorkBuffer<float> data_;
};

/// Finds in float32, at twice the speed of float64, which rows may have the largest scores.
class CandidateSearch {
public:
    /// Scores are larger than products and offsets by a shift.
    CandidateSearch(const ScoredRows& queries, double shift, std::size_t n_kept, int n_threads);

    /// The first query of find() is a multiple of this.
    std::size_t panel_rows() const { return kernels_.panel_rows; }

    /// Takes the next rows; false where float32 is of no use.
    bool take(const ScoredRows& rows);

    /// Candidates among these rows for queries [begin, end), of which only scores above limits
    /// matter; none at all where some query has too many.
    std::vector<CloseScores> find(std::size_t begin, std::size_t end, const double* limits) const;

private:
    CloseScores no_scores(std::size_t query, double limit) const;
    bool compare(std::size_t query, std::size_t n_queries, std::size_t p, const std::uint32_t* rows,
                 CloseScores* found) const;

    const StreamKernels<float>& kernels_;
    const NearestKernels& nearest_kernels_;
    const std::size_t n_kept_;
    const std::size_t n_features_;
    const int n_threads_;
    const double shift_;
    const bool is_possible_;
    std::vector<double> query_norms_;
    std::size_t n_rows_so_far_ = 0;
    double row_norm_ = 0.0;
    double largest_offset_ = 0.0;
    FloatPanels queries_;
    FloatPanels rows_;
};

}  // namespace fastshesha
