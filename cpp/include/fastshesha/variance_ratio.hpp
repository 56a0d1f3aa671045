#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Between-class sum of squares over total sum of squares (plus 1e-12). codes[i] in
/// [0, n_classes) is the class of row i, -1 says that it counts in the total alone; empty classes
/// do not count. One pass over the rows, in order, after one over the first 4096; columns that
/// are contiguous are read once more. Memory is that of 2^16 sums per thread, or of 64 columns
/// where these take more.
double variance_ratio(const MatrixView& X, std::span<const std::int64_t> codes,
                      std::size_t n_classes, int n_threads);

}  // namespace fastshesha
