#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/correlation.hpp"
#include "fastshesha/feature_split.hpp"
#include "fastshesha/matrix_view.hpp"
#include "fastshesha/metric.hpp"

namespace fastshesha {

/// Bootstrap replicates of n_samples samples: counts[r * n_samples + i] says how often replicate r
/// drew sample i. A pair of samples then occurs as often as the product of their counts; a sample
/// drawn c times forms c (c - 1) / 2 pairs with itself, which count where self_pairs is set.
struct Resamples {
    const std::uint8_t* counts;
    std::size_t n_replicates;
    std::size_t n_samples;
    bool self_pairs;

    /// Distances an RDM needs: one for every pair i < j, row after row, and behind them, with
    /// self_pairs, that of every sample to its copy.
    std::size_t n_values() const;
};

/// The largest n_samples of any bootstrap.
inline constexpr std::size_t most_bootstrap_samples = 8192;

/// Correlation of two RDMs in every replicate, which changes nothing but the integer weights of
/// the pairs: they are passed once, for Spearman's rho in sorted order. Spearman's rho has the bits
/// of `correlate` on the resampled distances; Pearson's r differs from its by rounding.
///
/// values[r] is NaN where this is for `correlate` to decide: fewer than 3 pairs, a standard
/// deviation so small that rounding could make it zero or 1e-12, or a weight too large for 32-bit
/// sums. n_undefined[r] counts the pairs that are not finite in either RDM, which are left out, or
/// taken as 1 under UndefinedPolicy::replace.
///
/// O(N log N) time once and O(N) a replicate for N pairs; memory is 70 bytes a pair at
/// most, and 64 more a pair and thread. No bit depends on the number of threads.
void bootstrap_correlations(const double* a, const double* b, const Resamples& resamples,
                            CorrelationMethod method, UndefinedPolicy undefined, int n_threads,
                            double* values, std::int64_t* n_undefined);

/// The same for the two half RDMs of every split of the features of X, by Spearman's rho. Both
/// results hold n_splits rows of n_replicates. Memory is 110 to 130 bytes a pair and thread,
/// for no more threads than 4 GiB serve.
void bootstrap_splits(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                      const Resamples& resamples, UndefinedPolicy undefined, int n_threads,
                      double* values, std::int64_t* n_undefined);

/// The distance of every row to a copy of itself, with the bits of SciPy's pdist: 0 under
/// euclidean, up to two units in the last place of 1 under the others, NaN where undefined.
void self_distances(const MatrixView& X, Metric metric, double* out);

}  // namespace fastshesha
