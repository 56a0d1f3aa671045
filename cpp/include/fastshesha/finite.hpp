#pragma once

#include "fastshesha/matrix_view.hpp"

namespace fastshesha {

/// Whether no element is NaN or infinite. One parallel pass that allocates nothing per element.
bool all_finite(const MatrixView& X, int n_threads);

}  // namespace fastshesha
