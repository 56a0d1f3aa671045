#pragma once

#include <cstddef>

namespace fastshesha {

/// Eigenvalues in rising order of each of n_matrices symmetric matrices that lie one after the
/// other, without gaps; only lower triangles are read. One thread a matrix, O(order^3) time and
/// O(order^2) memory each. Throws if the iteration does not converge.
void symmetric_eigenvalues(const double* matrices, std::size_t n_matrices, std::size_t order,
                           int n_threads, double* values);

/// Eigenvalues in rising order of a symmetric matrix, and of matrix + vector * vector^T. One
/// reduction to tridiagonal form serves both: it is made in a basis that begins with the vector,
/// where the sum differs in its first value alone.
void updated_eigenvalues(const double* matrix, const double* vector, std::size_t order,
                         double* values, double* updated_values);

}  // namespace fastshesha
