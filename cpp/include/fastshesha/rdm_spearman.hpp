#pragma once

#include <optional>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

/// Spearman's rho of the RDMs of two finite matrices with the same rows, ranked from distances of
/// which the order alone is right, and which are not kept; rho has the bits of SciPy's. Nothing
/// where those are needed: Euclidean distances, a CPU without fused products, rows whose norms are
/// extreme or zero, RDMs that hardly vary or hold many near-ties. O(n^2 d) time; beside the packed
/// rows 24 bytes a pair, 28 beyond 2^25 pairs.
std::optional<double> rdm_spearman(const MatrixView& X, const MatrixView& Y, Metric metric,
                                   int n_threads);

}  // namespace fastshesha
