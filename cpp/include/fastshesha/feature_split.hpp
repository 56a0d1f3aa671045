#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
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

/// Work space without a bound.
inline constexpr std::size_t unbounded_memory = std::numeric_limits<std::int64_t>::max();

/// Spearman correlation of the two half RDMs of every split. scores[s] is NaN for a split that
/// cannot be scored: fewer than two pairs, a half RDM with a standard deviation below 1e-12, or
/// undefined pairs under UndefinedPolicy::stop. Splits run in parallel, as many at a time as
/// `memory` bytes of work space allow, one at least. O(n_splits n^2 d) time.
void feature_split_scores(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                          UndefinedPolicy undefined, int n_threads, std::size_t memory,
                          double* scores, std::int64_t* n_undefined);

/// Bytes of work space that one split takes at most.
std::size_t split_work_bytes(std::size_t n_samples, std::size_t half_size);

}  // namespace fastshesha
