#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fastshesha {

enum class CorrelationMethod { spearman, pearson };

/// What happens to pairs that are not finite in either vector.
enum class UndefinedPolicy {
    stop,     ///< no correlation is computed
    omit,     ///< the pair is left out of both vectors
    replace,  ///< every undefined distance becomes 1
};

CorrelationMethod parse_correlation_method(std::string_view name);
UndefinedPolicy parse_undefined_policy(std::string_view name);

/// Summary of the values of one vector that entered a correlation; NaN where none did.
struct Moments {
    double mean;
    double std;  ///< population standard deviation
    double minimum;
    double maximum;
};

struct Correlation {
    double value;  ///< NaN for fewer than two pairs or an exactly constant side
    std::size_t n_pairs;
    std::size_t n_undefined;
    Moments a;
    Moments b;
};

/// Correlation of two condensed distance vectors of length n. Spearman's rho comes from integer
/// sums of ranks, Pearson's r from sums in a fixed order: no bit depends on the threads. Each of
/// two threads takes a vector; all of them share the products of Pearson's r.
Correlation correlate(const double* a, const double* b, std::size_t n, CorrelationMethod method,
                      UndefinedPolicy undefined, int n_threads);

}  // namespace fastshesha
