#include "condensed_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "interrupt.hpp"
#include "kernels/dispatch.hpp"
#include "parallel.hpp"

namespace fastshesha {
namespace {

constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest_std = 1e-12;
constexpr std::size_t n_lanes = 8;
constexpr std::size_t block = 4096;

bool is_defined(double value) { return std::fabs(value) <= largest; }

template <class Term>
double block_sum(const double* values, std::size_t begin, std::size_t end, const Term& term) {
    double lanes[n_lanes] = {};
    for (std::size_t i = begin; i < end; ++i) {
        lanes[i % n_lanes] += term(values[i]);
    }
    double sum = 0.0;
    for (const double lane : lanes) {
        sum += lane;
    }
    return sum;
}

/// Calls use(begin, end) for blocks of fixed size, which the cache can hold: short sums keep the
/// rounding error small, a fixed order keeps the bits.
template <class Use>
void for_each_block(std::size_t n, const Use& use) {
    in_stretches(n, [&](std::size_t first, std::size_t last) {
        static_assert((std::size_t{1} << 20) % block == 0, "stretches hold whole blocks");
        for (std::size_t start = first; start < last; start += block) {
            use(start, std::min(last, start + block));
        }
    });
}

}  // namespace

std::size_t count_undefined(const double* a, const double* b, std::size_t n) {
    std::size_t count = 0;
    in_stretches(n, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            count += static_cast<std::size_t>(!(std::fabs(a[i]) <= largest)) |
                     static_cast<std::size_t>(!(std::fabs(b[i]) <= largest));
        }
    });
    return count;
}

std::size_t apply_undefined_policy(double* a, double* b, std::size_t n, UndefinedPolicy policy) {
    if (policy == UndefinedPolicy::replace) {
        const auto is_undefined = [](double value) { return !is_defined(value); };
        std::replace_if(a, a + n, is_undefined, 1.0);
        std::replace_if(b, b + n, is_undefined, 1.0);
        return n;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (is_defined(a[i]) && is_defined(b[i])) {
            a[kept] = a[i];
            b[kept] = b[i];
            ++kept;
        }
    }
    return kept;
}

ValueRange value_range(const double* values, std::size_t n, int n_threads) {
    if (n_threads <= 1) {
        ValueRange range;
        active_kernels().extremes(values, n, &range.lowest, &range.highest);
        return range;
    }
    std::vector<ValueRange> ranges(n_parts_for(n_threads));
    share_parts(n, n_threads, [&](std::size_t part, std::size_t begin, std::size_t end) {
        if (begin < end) {
            ranges[part] = value_range(values + begin, end - begin);
        }
    });
    ValueRange whole;
    for (const ValueRange& range : ranges) {
        whole.take_in(range);
    }
    return whole;
}

Moments moments_of(const double* values, std::size_t n) {
    if (n == 0) {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        return {nan, nan, nan, nan};
    }
    const auto count = static_cast<double>(n);
    ValueRange range;
    double sum = 0.0;
    for_each_block(n, [&](std::size_t begin, std::size_t end) {
        range.take_in(value_range(values + begin, end - begin));
        sum += block_sum(values, begin, end, [](double value) { return value; });
    });
    const double mean = sum / count;
    double squares = 0.0;
    for_each_block(n, [&](std::size_t begin, std::size_t end) {
        squares += block_sum(values, begin, end,
                             [=](double value) { return (value - mean) * (value - mean); });
    });
    return {mean, std::sqrt(squares / count), range.lowest, range.highest};
}

bool clearly_varies(const double* values, std::size_t n, double error) {
    // Two values a distance r apart give a standard deviation of at least r / sqrt(2 n).
    const double proof = 2.0 * (smallest_std * std::sqrt(2.0 * static_cast<double>(n)) + error);
    return std::any_of(values, values + n,
                       [=](double value) { return std::fabs(value - values[0]) > proof; });
}

bool varies(const double* values, std::size_t n) {
    return clearly_varies(values, n, 0.0) || moments_of(values, n).std >= smallest_std;
}

}  // namespace fastshesha
