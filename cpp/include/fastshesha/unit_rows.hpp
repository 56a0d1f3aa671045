#pragma once

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Writes rows divided by their norm, or by `smallest_norm` where that is larger, row after row.
/// Norms have the bits of numpy's for rows whose elements lie side by side. False where one of them
/// overflows.
bool unit_rows(const MatrixView& X, double smallest_norm, int n_threads, double* unit);

}  // namespace fastshesha
