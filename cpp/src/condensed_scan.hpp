#pragma once

#include <cstddef>

#include "fastshesha/correlation.hpp"
#include "value_range.hpp"

namespace fastshesha {

/// Number of positions where a or b is NaN or infinite.
std::size_t count_undefined(const double* a, const double* b, std::size_t n);

/// Sets undefined values to 1 (`replace`) or closes the gaps they leave in both vectors (`omit`).
/// Returns the number of pairs left.
std::size_t apply_undefined_policy(double* a, double* b, std::size_t n, UndefinedPolicy policy);

/// Extremes of n >= 1 values; without a meaning where one of them is NaN.
ValueRange value_range(const double* values, std::size_t n, int n_threads = 1);

/// Mean and standard deviation from sums over fixed blocks, added in order. NaN for n = 0; where
/// the mean is not finite, the extremes have no meaning either.
Moments moments_of(const double* values, std::size_t n);

/// Whether some value proves that the standard deviation of n >= 1 values, each of them known up
/// to `error`, reaches 1e-12. Mostly answered by the first few values.
bool clearly_varies(const double* values, std::size_t n, double error);

/// Whether the standard deviation of n >= 1 values reaches 1e-12; below, an RDM counts as
/// constant.
bool varies(const double* values, std::size_t n);

}  // namespace fastshesha
