#pragma once

#include <cstddef>

namespace fastshesha {

/// Eigenvalues in rising order of each of n_matrices symmetric matrices that lie one after the
/// other, without gaps; only lower triangles are read. One thread a matrix, O(order^3) time and
/// O(order^2) memory each. Throws if the iteration does not converge.
void symmetric_eigenvalues(const double* matrices, std::size_t n_matrices, std::size_t order,
                           int n_threads, double* values);

}  // namespace fastshesha
