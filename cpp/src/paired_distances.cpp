#include "paired_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "condensed_scan.hpp"
#include "pairwise_mean.hpp"

namespace fastshesha {
namespace {

bool is_defined(double value) { return std::fabs(value) <= std::numeric_limits<double>::max(); }

}  // namespace

void PairedDistances::resize(std::size_t n) {
    n_ = n;
    values_[0].resize(n);
    values_[1].resize(n);
}

void PairedDistances::settle(const std::vector<std::uint32_t>& rows, UndefinedPolicy undefined) {
    all_rows_ = rows.data();
    kept_rows_.clear();
    undefined_rows_.clear();
    replaces_ = undefined == UndefinedPolicy::replace;
    double* a = values_[0].data();
    double* b = values_[1].data();
    if (count_undefined(a, b, n_) > 0) {
        for (std::size_t k = 0; k < n_; ++k) {
            const bool defined = is_defined(a[k]) && is_defined(b[k]);
            if (!defined) {
                undefined_rows_.push_back(rows[k]);
            }
            if (defined || replaces_) {
                kept_rows_.push_back(rows[k]);
            }
        }
        n_ = apply_undefined_policy(a, b, n_,
                                    replaces_ ? UndefinedPolicy::replace : UndefinedPolicy::omit);
    }
    for (std::size_t s = 0; s < 2 && n_ > 0; ++s) {
        const auto [lowest, highest] = value_range(values_[s].data(), n_);
        largest_[s] = std::max(std::fabs(lowest), std::fabs(highest));
    }
}

void PairedDistances::centre() {
    subtract_mean(values_[0].data(), n_);
    subtract_mean(values_[1].data(), n_);
}

PairTotals pair_totals(const PairedDistances& distances, const ReplicateBlock& block,
                       std::size_t lane) {
    PairTotals totals{0, block.total_weight(lane), block.total_cubes(lane)};
    uint128 cubes = 0;
    for (const std::uint32_t rows : distances.undefined_rows()) {
        const std::uint64_t weight = block.weight(rows, lane);
        totals.n_undefined += weight;
        cubes += weight * weight * weight;
    }
    if (!distances.replaces()) {
        totals.weight -= totals.n_undefined;
        totals.cubes -= cubes;
    }
    return totals;
}

bool varies_for_certain(double standard_deviation, double largest_magnitude) {
    return standard_deviation > 2e-12 + 2e-11 * largest_magnitude;
}

}  // namespace fastshesha
