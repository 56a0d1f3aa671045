#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

/// Matrices of n_kept entries for each query, nearest first.
struct NearestRows {
    std::size_t n_kept;
    std::int64_t* rows;
    double* distances;
};

/// The n_kept nearest rows of every query; of equally near ones the first ones. Distances come from
/// products: |x|^2 - 2 x.y + |y|^2, which may be a little below 0, or one minus the product over
/// both norms, where a norm below 2.2e-15 counts as 1. Where a product overflows, some distance of
/// the query is not finite. Returns the largest |y|^2 of the rows. O(n_queries n_rows d) time; 2^21
/// values of rows are in memory at a time in both precisions, and of each query at most
/// 3 d / 2 + 2 n_kept + 320 in float64. Where it pays, float32 finds candidates first, of which
/// nothing but the time depends.
double find_nearest(const MatrixView& queries, const MatrixView& rows, Metric metric, int n_threads,
                    const NearestRows& found);

}  // namespace fastshesha
