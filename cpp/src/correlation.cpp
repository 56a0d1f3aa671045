#include "fastshesha/correlation.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "condensed_scan.hpp"
#include "fastshesha/error.hpp"
#include "fastshesha/threads.hpp"
#include "parallel.hpp"
#include "pearson.hpp"
#include "rank_correlation.hpp"

namespace fastshesha {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double steps_per_value = 100.0;

/// Both vectors and their moments.
struct Sides {
    const double* values[2];
    std::size_t n;
    Moments moments[2];

    Sides(const double* a, const double* b, std::size_t n_pairs, int n_threads)
        : values{a, b}, n(n_pairs) {
        parallel_for(2, n_threads, [this](std::size_t s, const Worker&) {
            moments[s] = moments_of(values[s], n);
        });
    }

    /// For certain: no undefined value goes into a finite mean.
    bool are_defined() const {
        return std::isfinite(moments[0].mean) && std::isfinite(moments[1].mean);
    }
    bool is_constant() const {
        return moments[0].minimum == moments[0].maximum || moments[1].minimum == moments[1].maximum;
    }
};

Correlation correlate_defined(const Sides& sides, CorrelationMethod method, std::size_t n_undefined,
                              int n_threads) {
    Correlation result{nan, sides.n, n_undefined, sides.moments[0], sides.moments[1]};
    if (sides.n < 2 || sides.is_constant()) {
        return result;
    }
    const auto [a, b] = sides.values;
    if (method == CorrelationMethod::pearson) {
        result.value = pearson(a, b, sides.n, sides.moments[0], sides.moments[1], n_threads);
    } else {
        // In a region, for Ctrl-C.
        parallel_for(1, 1, [&](std::size_t, const Worker&) {
            result.value = RankCorrelation().spearman(a, b, sides.n, n_threads);
        });
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
    const int worth = threads_worth(n_threads, steps_per_value * static_cast<double>(n));
    const Sides sides(a, b, n, worth);
    const std::size_t n_undefined = sides.are_defined() ? 0 : count_undefined(a, b, n);
    if (n_undefined == 0) {
        return correlate_defined(sides, method, 0, worth);
    }
    if (undefined == UndefinedPolicy::stop) {
        return {nan, 0, n_undefined, moments_of(a, 0), moments_of(b, 0)};
    }
    std::vector<double> kept_a(a, a + n);
    std::vector<double> kept_b(b, b + n);
    const std::size_t n_kept = apply_undefined_policy(kept_a.data(), kept_b.data(), n, undefined);
    const Sides kept(kept_a.data(), kept_b.data(), n_kept, worth);
    return correlate_defined(kept, method, n_undefined, worth);
}

}  // namespace fastshesha
