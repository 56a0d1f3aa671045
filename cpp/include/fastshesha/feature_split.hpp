#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fastshesha/correlation.hpp"
#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

/// Index halves of the features, n_splits rows of half_size columns each.
struct FeatureHalves {
    const std::int64_t* first;
    const std::int64_t* second;
    std::size_t n_splits;
    std::size_t half_size;
};

/// Spearman correlation of the two half RDMs of every split. scores[s] is NaN for a split that
/// cannot be scored: fewer than two pairs, a half RDM with a standard deviation below 1e-12, or
/// undefined pairs under UndefinedPolicy::stop. Splits run in parallel; each needs 36 bytes a
/// pair. O(n_splits n^2 d) time.
void feature_split_scores(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                          UndefinedPolicy undefined, int n_threads, double* scores,
                          std::int64_t* n_undefined);

}  // namespace fastshesha
