#include "fastshesha/label_alignment.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "condensed_scan.hpp"
#include "fastshesha/distance.hpp"
#include "fastshesha/threads.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"

namespace fastshesha {
namespace {

/// Condensed 0/1 vector of "labels differ".
std::vector<std::uint32_t> differing_pairs(std::span<const std::int64_t> codes) {
    std::vector<std::uint32_t> differ(n_pairs(codes.size()));
    std::uint32_t* next = differ.data();
    for (std::size_t i = 0; i < codes.size(); ++i) {
        for (std::size_t j = i + 1; j < codes.size(); ++j) {
            *next++ = codes[i] != codes[j] ? 1 : 0;
        }
    }
    return differ;
}

Moments binary_moments(const std::vector<std::uint32_t>& ones) {
    const std::uint64_t n_ones = std::accumulate(ones.begin(), ones.end(), std::uint64_t{0});
    if (ones.empty()) {
        return moments_of(nullptr, 0);
    }
    const double mean = static_cast<double>(n_ones) / static_cast<double>(ones.size());
    return {mean, std::sqrt(mean * (1.0 - mean)), n_ones == ones.size() ? 1.0 : 0.0,
            n_ones == 0 ? 0.0 : 1.0};
}

}  // namespace

Correlation label_alignment(const double* distances, std::span<const std::int64_t> codes,
                            int n_threads) {
    const std::vector<std::uint32_t> differ = differing_pairs(codes);
    const std::size_t n = differ.size();
    const int n_used =
        threads_worth_products(n_threads, products_per_rank * static_cast<double>(n));
    const Moments moments = moments_of(distances, n);
    // No undefined value goes into a finite mean.
    const std::size_t n_undefined =
        std::isfinite(moments.mean) ? 0 : count_undefined(distances, distances, n);
    Correlation result{std::numeric_limits<double>::quiet_NaN(), n, n_undefined, moments,
                       binary_moments(differ)};
    if (result.n_undefined == 0 && n >= 2) {
        // In a region, for Ctrl-C.
        parallel_for(1, 1, [&](std::size_t, const Worker&) {
            result.value = RankCorrelation().spearman_with_binary(distances, differ, n, n_used);
        });
    }
    return result;
}

}  // namespace fastshesha
