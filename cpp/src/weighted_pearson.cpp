#include "weighted_pearson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace fastshesha {
namespace {

constexpr std::uint64_t fewest_pairs = 3;
// Short sums keep the rounding error small.
constexpr std::size_t pairs_per_sum = 1024;
// A replicate whose squares shrink by more when centred anew would lose digits.
constexpr double most_shrinking = 16.0;

void add_to(double* totals, const double* sums) {
    for (std::size_t lane = 0; lane < replicate_lanes; ++lane) {
        totals[lane] += sums[lane];
    }
}

ReplicateMoments total_moments(const PairedDistances& distances, const ReplicateBlock& block,
                               const Kernels& kernels, const Worker& worker) {
    const std::vector<double> counts = block.counts_as_doubles();
    ReplicateMoments totals = {};
    for (std::size_t k = 0; k < distances.n(); k += pairs_per_sum) {
        worker.check_interrupt();
        ReplicateMoments sums = {};
        kernels.add_weighted_moments(
            {counts.data(), distances.rows() + k, distances.side(0) + k, distances.side(1) + k,
             std::min(pairs_per_sum, distances.n() - k)},
            sums);
        add_to(totals.a, sums.a);
        add_to(totals.b, sums.b);
        add_to(totals.aa, sums.aa);
        add_to(totals.bb, sums.bb);
        add_to(totals.ab, sums.ab);
    }
    return totals;
}

/// The sum of squared deviations from the replicate's own mean, or NaN where it is uncertain.
double centred_squares(double squares, double sum, double n, double largest_magnitude) {
    const double centred = squares - sum * sum / n;
    const bool certain = centred * most_shrinking > squares &&
                         varies_for_certain(std::sqrt(centred / n), largest_magnitude);
    return certain ? centred : std::numeric_limits<double>::quiet_NaN();
}

double correlation(const PairedDistances& distances, const ReplicateMoments& moments,
                   std::size_t lane, double n) {
    const double aa =
        centred_squares(moments.aa[lane], moments.a[lane], n, distances.largest_magnitude(0));
    const double bb =
        centred_squares(moments.bb[lane], moments.b[lane], n, distances.largest_magnitude(1));
    const double ab = moments.ab[lane] - moments.a[lane] * moments.b[lane] / n;
    const double r = ab / (std::sqrt(aa) * std::sqrt(bb));
    // Squares of large distances overflow.
    return std::isfinite(aa * bb) ? std::clamp(r, -1.0, 1.0)
                                  : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

void weighted_pearson(const PairedDistances& distances, const ReplicateBlock& block,
                      const Kernels& kernels, const Worker& worker, double* values,
                      std::int64_t* n_undefined) {
    const ReplicateMoments moments = total_moments(distances, block, kernels, worker);
    for (std::size_t lane = 0; lane < block.n_replicates(); ++lane) {
        const PairTotals totals = pair_totals(distances, block, lane);
        n_undefined[lane] = static_cast<std::int64_t>(totals.n_undefined);
        values[lane] =
            totals.weight < fewest_pairs
                ? std::numeric_limits<double>::quiet_NaN()
                : correlation(distances, moments, lane, static_cast<double>(totals.weight));
    }
}

}  // namespace fastshesha
