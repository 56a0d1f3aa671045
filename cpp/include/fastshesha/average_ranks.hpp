#pragma once

#include <cstddef>

namespace fastshesha {

/// Ranks 1..n of `values`, equal values sharing their mean rank; -0.0 equals 0.0. Any NaN makes
/// every rank NaN. Needs n < 2^31. O(n) time on average, 16 bytes of memory per value.
void average_ranks(const double* values, std::size_t n, double* ranks);

}  // namespace fastshesha
