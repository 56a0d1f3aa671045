#include "pair_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "condensed_index.hpp"
#include "fastshesha/distance.hpp"
#include "pairwise_mean.hpp"

namespace fastshesha {
namespace {

constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2.0;
// Covers products of rounding errors and the norms' own error.
constexpr double slack = 1.1;
// SciPy's two lanes round product and sum of half the features each.
constexpr double scipy_roundings_per_feature = 0.5;
// The lanes' sum, inverse norms and their products, the quotient, the difference from 1.
constexpr double other_roundings = 20.0;
constexpr double smallest_norm = 1e-140;
constexpr double largest_norm = 1e140;
// An exact distance costs about a hundred times an entry of a tile.
constexpr std::size_t entries_per_exact_value = 200;

/// Dot product in SciPy's order: even and odd places apart, then the last of an odd number.
double exact_dot(const double* a, const double* b, std::size_t n) {
    double even = 0.0;
    double odd = 0.0;
    for (std::size_t k = 0; k + 1 < n; k += 2) {
        even += a[k] * b[k];
        odd += a[k + 1] * b[k + 1];
    }
    const double sum = even + odd;
    return n % 2 == 0 ? sum : sum + a[n - 1] * b[n - 1];
}

}  // namespace

double exact_norm(const double* values, std::size_t n) {
    return std::sqrt(exact_dot(values, values, n));
}

double self_distance(const MatrixView& X, std::size_t i, Columns columns, Metric metric,
                     double* row) {
    if (metric == Metric::euclidean) {
        return 0.0;
    }
    gather_row(X, i, columns.data(), columns.size(), row);
    if (metric == Metric::correlation) {
        subtract_mean(row, columns.size());
    }
    const double dot = exact_dot(row, row, columns.size());
    const double norm = std::sqrt(dot);
    return 1.0 - std::clamp(dot / (norm * norm), -1.0, 1.0);
}

double fused_error(std::size_t n_features) {
    const auto n = static_cast<double>(n_features);
    return slack * unit_roundoff * ((1.0 + scipy_roundings_per_feature) * n + other_roundings);
}

double grouped_error(const GroupedSums& sums) {
    const auto n = static_cast<double>(sums.n_features);
    // The running sum rounds at every feature, each half's sum at every toggle, C - S once more,
    // a term twice; all of them relative to the whole rows' norms.
    double roundings = n + 2.0 * static_cast<double>(sums.n_toggles + sums.n_terms) + 2.0;
    if (sums.centred) {
        // Two means, each from pairwise sums: 16 additions in a lane, 3 of lanes, then of halves.
        roundings += 2.0 * (24.0 + std::log2(n));
    }
    const double in_group = roundings * sums.largest_ratio * sums.largest_ratio;
    return slack * unit_roundoff * (in_group + scipy_roundings_per_feature * n + other_roundings);
}

bool norms_are_tame(std::span<const double> norms) {
    return std::all_of(norms.begin(), norms.end(),
                       [](double norm) { return norm >= smallest_norm && norm <= largest_norm; });
}

PairDistances::PairDistances(const MatrixView& X, Columns columns, Metric metric,
                             std::span<const double> norms, const ApproximateValues& distances,
                             const RowClasses* classes, const TileOrder* order)
    : Approximation(distances, n_pairs(X.n_rows) / entries_per_exact_value),
      X_(X),
      columns_(columns),
      metric_(metric),
      norms_(norms),
      classes_(classes != nullptr && classes->any_equal() ? classes : nullptr),
      order_(order) {}

std::pair<std::size_t, std::size_t> PairDistances::pair_of(std::size_t index) const {
    return order_ == nullptr ? pair_at(index, X_.n_rows) : order_->pair_at(index);
}

bool PairDistances::are_equal(const std::uint32_t* indices, std::size_t n) const {
    if (classes_ == nullptr) {
        return false;
    }
    const auto classes_at = [&](std::uint32_t index) {
        const auto [i, j] = pair_of(index);
        return std::minmax({classes_->of_row[i], classes_->of_row[j]});
    };
    const auto first = classes_at(indices[0]);
    return std::all_of(indices + 1, indices + n,
                       [&](std::uint32_t index) { return classes_at(index) == first; });
}

double PairDistances::exact(std::size_t index) const {
    const std::size_t n = columns_.size();
    const auto [i, j] = pair_of(index);
    std::vector<double> rows(2 * n);
    double* const pair[] = {rows.data(), rows.data() + n};
    gather_row(X_, i, columns_.data(), n, pair[0]);
    gather_row(X_, j, columns_.data(), n, pair[1]);
    if (metric_ == Metric::correlation) {
        subtract_mean(pair[0], n);
        subtract_mean(pair[1], n);
    }
    const double cosine = exact_dot(pair[0], pair[1], n) / (norms_[i] * norms_[j]);
    return 1.0 - std::clamp(cosine, -1.0, 1.0);
}

}  // namespace fastshesha
