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

/// Calls add(pairs) for stretches of the pairs.
template <class Add>
void for_each_stretch(const PairedDistances& distances, const std::vector<double>& counts,
                      const Worker& worker, const Add& add) {
    for (std::size_t k = 0; k < distances.n(); k += pairs_per_sum) {
        worker.check_interrupt();
        add(WeightedDistances{counts.data(), distances.rows() + k, distances.side(0) + k,
                              distances.side(1) + k, std::min(pairs_per_sum, distances.n() - k)});
    }
}

void add_to(double* totals, const double* sums) {
    for (std::size_t lane = 0; lane < replicate_lanes; ++lane) {
        totals[lane] += sums[lane];
    }
}

double correlation(const ReplicateProducts& products, std::size_t lane) {
    const double r =
        products.ab[lane] / (std::sqrt(products.aa[lane]) * std::sqrt(products.bb[lane]));
    return std::clamp(r, -1.0, 1.0);
}

}  // namespace

void weighted_pearson(const PairedDistances& distances, const ReplicateBlock& block,
                      const Kernels& kernels, const Worker& worker, double* values,
                      std::int64_t* n_undefined) {
    const std::vector<double> counts = block.counts_as_doubles();
    ReplicateValues means = {};
    for_each_stretch(distances, counts, worker, [&](const WeightedDistances& pairs) {
        ReplicateValues sums = {};
        kernels.add_weighted_values(pairs, sums);
        add_to(means.a, sums.a);
        add_to(means.b, sums.b);
    });
    std::uint64_t n_pairs[replicate_lanes];
    for (std::size_t lane = 0; lane < block.n_replicates(); ++lane) {
        const PairTotals totals = pair_totals(distances, block, lane);
        n_undefined[lane] = static_cast<std::int64_t>(totals.n_undefined);
        n_pairs[lane] = totals.weight;
        means.a[lane] /= static_cast<double>(totals.weight);
        means.b[lane] /= static_cast<double>(totals.weight);
    }
    ReplicateProducts products = {};
    for_each_stretch(distances, counts, worker, [&](const WeightedDistances& pairs) {
        ReplicateProducts sums = {};
        kernels.add_weighted_products(pairs, means, sums);
        add_to(products.aa, sums.aa);
        add_to(products.bb, sums.bb);
        add_to(products.ab, sums.ab);
    });
    for (std::size_t lane = 0; lane < block.n_replicates(); ++lane) {
        const double n = static_cast<double>(n_pairs[lane]);
        const bool certain =
            n_pairs[lane] >= fewest_pairs &&
            varies_for_certain(std::sqrt(products.aa[lane] / n), distances.largest_magnitude(0)) &&
            varies_for_certain(std::sqrt(products.bb[lane] / n), distances.largest_magnitude(1));
        const double r = certain ? correlation(products, lane) : 0.0;
        // Squares of large distances overflow.
        const bool finite = std::isfinite(products.aa[lane] * products.bb[lane]);
        values[lane] = certain && finite ? r : std::numeric_limits<double>::quiet_NaN();
    }
}

}  // namespace fastshesha
