#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fastshesha {

/// Systems of equations in the products of samples that resamples of two classes lead to. For
/// every resample, over the samples i whose scale d_i is not 0,
///
///     sum_j d_i (G_ij - f_i(class of j) - f_j(class of i)) d_j a_j + ridge a_i = b_i.
///
/// `scales` and `right` hold n_samples values for each resample; `shifts` twice as many, those of
/// class 0 first.
struct ResampledSystems {
    const double* products;
    std::span<const std::int64_t> classes;
    std::size_t n_resamples;
    const double* scales;
    const double* shifts;
    const double* right;
    double ridge;
};

/// Solves every system by Cholesky's factorisation; samples that are left out get 0, and all
/// samples NaN where the matrix is not positive definite. O(m^3) time and O(m^2) memory per
/// thread for m samples in a resample.
void solve_resampled(const ResampledSystems& systems, int n_threads, double* solutions);

}  // namespace fastshesha
