#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

enum class Rounding {
    exact,  ///< SciPy's bits
    fused,  ///< fused multiply-adds, where the processor has them
};

/// n (n - 1) / 2, checked for overflow.
std::size_t n_pairs(std::size_t n_samples);

/// Distances of all pairs i < j, row after row, with the bits of SciPy's pdist (x86-64):
/// every sum runs in SciPy's order and nothing is fused. Undefined distances are NaN.
/// `out` holds n_pairs(X.n_rows) values. O(n^2 d) time, O(n d) memory beyond `out`.
/// Fused Euclidean distances come from products, to about 1e-13 of each, where that loses no more
/// digits; fused cosine distances stray by some roundings of 1.
void condensed_distances(const MatrixView& X, Metric metric, int n_threads, double* out,
                         Rounding rounding = Rounding::exact);

/// The same over the given columns of X, in that order.
void condensed_distances(const MatrixView& X, std::span<const std::int64_t> columns, Metric metric,
                         int n_threads, double* out);

/// Distances of every row of A to every row of B, row after row, with the same bits as in a
/// condensed vector. `out` holds A.n_rows * B.n_rows values.
void cross_distances(const MatrixView& A, const MatrixView& B, Metric metric, int n_threads,
                     double* out, Rounding rounding = Rounding::exact);

}  // namespace fastshesha
