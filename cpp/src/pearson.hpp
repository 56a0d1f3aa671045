#pragma once

#include <cstddef>

#include "fastshesha/correlation.hpp"

namespace fastshesha {

/// Pearson's r of n >= 2 pairs whose sides vary. Sums run over blocks of fixed size, which are
/// added in order, so that no bit depends on the threads.
double pearson(const double* a, const double* b, std::size_t n, const Moments& of_a,
               const Moments& of_b, int n_threads);

}  // namespace fastshesha
