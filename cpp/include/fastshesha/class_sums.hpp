#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Rows of a matrix in the order of their classes, and how much each counts in each subset.
struct WeightedClasses {
    MatrixView X;
    std::span<const std::int64_t> order;       ///< rows, class after class
    std::span<const std::int64_t> class_ends;  ///< where each class ends in `order`
    const double* weights;                     ///< one row of n_subsets weights for each of `order`
    std::size_t n_subsets;
};

/// Weighted sums of the rows of every class in every subset: shape (n_classes, n_subsets,
/// X.n_columns), each added up in the given order. O(n d n_subsets) time.
void class_sums(const WeightedClasses& classes, int n_threads, double* sums);

}  // namespace fastshesha
