#pragma once

#include <cstddef>

namespace fastshesha {

/// The sum of n contiguous values with the bits of numpy's: blocks of at most 128 values in eight
/// interleaved partial sums, longer vectors in halves.
double pairwise_sum(const double* values, std::size_t n);

/// The mean of n contiguous values with the bits of numpy's.
double pairwise_mean(const double* values, std::size_t n);

/// Subtracts the pairwise mean from every value.
void subtract_mean(double* values, std::size_t n);

}  // namespace fastshesha
