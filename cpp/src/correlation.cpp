#include "fastshesha/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"
#include "pairwise_mean.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"

namespace fastshesha {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double steps_per_value = 100.0;

/// Products are centred and scaled by the largest deviation first, so that values near the ends
/// of the exponent range neither overflow nor vanish. The means have numpy's bits: where the
/// values hardly differ next to their size, the rounding of the mean decides the result.
double pearson(const double* a, const double* b, std::size_t n, const Moments& of_a,
               const Moments& of_b) {
    const double mean_a = pairwise_mean(a, n);
    const double mean_b = pairwise_mean(b, n);
    const double scale_a = std::max(of_a.maximum - mean_a, mean_a - of_a.minimum);
    const double scale_b = std::max(of_b.maximum - mean_b, mean_b - of_b.minimum);
    constexpr std::size_t block = 4096;
    double product = 0.0;
    double square_a = 0.0;
    double square_b = 0.0;
    for (std::size_t start = 0; start < n; start += block) {
        double block_product = 0.0;
        double block_square_a = 0.0;
        double block_square_b = 0.0;
        for (std::size_t i = start; i < std::min(n, start + block); ++i) {
            const double x = (a[i] - mean_a) / scale_a;
            const double y = (b[i] - mean_b) / scale_b;
            block_product += x * y;
            block_square_a += x * x;
            block_square_b += y * y;
        }
        product += block_product;
        square_a += block_square_a;
        square_b += block_square_b;
    }
    const double r = product / (std::sqrt(square_a) * std::sqrt(square_b));
    return std::clamp(r, -1.0, 1.0);
}

/// Spearman's rho of two vectors, ranked by a thread each.
double spearman_on_threads(const double* a, const double* b, std::size_t n, int n_threads) {
    RankCorrelation ranked[2];
    const double* const sides[] = {a, b};
    parallel_for(2, n_threads,
                 [&](std::size_t s, const Worker&) { ranked[s].rank_first(sides[s], n); });
    return ranked[0].rho_with(ranked[1]);
}

Correlation correlate_defined(const double* a, const double* b, std::size_t n,
                              CorrelationMethod method, std::size_t n_undefined, int n_threads) {
    const double* const sides[] = {a, b};
    Moments moments[2];
    parallel_for(2, n_threads,
                 [&](std::size_t s, const Worker&) { moments[s] = moments_of(sides[s], n); });
    Correlation result{nan, n, n_undefined, moments[0], moments[1]};
    const bool constant =
        result.a.minimum == result.a.maximum || result.b.minimum == result.b.maximum;
    if (n < 2 || constant) {
        return result;
    }
    if (method == CorrelationMethod::pearson) {
        result.value = pearson(a, b, n, result.a, result.b);
    } else if (n_threads > 1 && n <= most_ranked_together) {
        result.value = spearman_on_threads(a, b, n, n_threads);
    } else {
        result.value = RankCorrelation().spearman(a, b, n);
    }
    return result;
}

}  // namespace

CorrelationMethod parse_correlation_method(std::string_view name) {
    if (name == "spearman") {
        return CorrelationMethod::spearman;
    }
    if (name == "pearson") {
        return CorrelationMethod::pearson;
    }
    throw std::invalid_argument("method is '" + std::string(name) +
                                "'; accepted are 'spearman', 'pearson'");
}

UndefinedPolicy parse_undefined_policy(std::string_view name) {
    if (name == "stop") {
        return UndefinedPolicy::stop;
    }
    if (name == "omit") {
        return UndefinedPolicy::omit;
    }
    if (name == "replace") {
        return UndefinedPolicy::replace;
    }
    throw std::invalid_argument("undefined is '" + std::string(name) +
                                "'; accepted are 'stop', 'omit', 'replace'");
}

Correlation correlate(const double* a, const double* b, std::size_t n, CorrelationMethod method,
                      UndefinedPolicy undefined, int n_threads) {
    const std::size_t n_undefined = count_undefined(a, b, n);
    const int worth = threads_worth(n_threads, steps_per_value * static_cast<double>(n));
    if (n_undefined == 0) {
        return correlate_defined(a, b, n, method, 0, worth);
    }
    if (undefined == UndefinedPolicy::stop) {
        return {nan, 0, n_undefined, moments_of(a, 0), moments_of(b, 0)};
    }
    std::vector<double> kept_a(a, a + n);
    std::vector<double> kept_b(b, b + n);
    const std::size_t n_kept = apply_undefined_policy(kept_a.data(), kept_b.data(), n, undefined);
    return correlate_defined(kept_a.data(), kept_b.data(), n_kept, method, n_undefined, worth);
}

}  // namespace fastshesha
