#pragma once

#include <cstddef>
#include <span>

#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"
#include "pair_distance.hpp"

namespace fastshesha {

/// Whether the distances of a few of the given rows, from all over the list, exist and differ: of
/// tied data, ranks from fused products would fail after all the work is done.
bool seldom_ties(const MatrixView& X, std::span<const std::size_t> rows, Columns columns,
                 Metric metric);

}  // namespace fastshesha
