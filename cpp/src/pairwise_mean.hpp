#pragma once

#include <cstddef>

namespace fastshesha {

/// The mean of n contiguous values with the bits of numpy's mean over a contiguous row: numpy
/// sums blocks of at most 128 values in eight interleaved partial sums and halves longer rows.
double pairwise_mean(const double* values, std::size_t n);

/// Subtracts the pairwise mean from every value.
void subtract_mean(double* values, std::size_t n);

}  // namespace fastshesha
