#include "pairwise_mean.hpp"

namespace fastshesha {
namespace {

constexpr std::size_t n_lanes = 8;
constexpr std::size_t largest_block = 128;

double sum_in_order(const double* values, std::size_t n) {
    double total = -0.0;
    for (std::size_t k = 0; k < n; ++k) {
        total += values[k];
    }
    return total;
}

double sum_block(const double* values, std::size_t n) {
    double lanes[n_lanes];
    for (std::size_t lane = 0; lane < n_lanes; ++lane) {
        lanes[lane] = values[lane];
    }
    std::size_t k = n_lanes;
    for (; k + n_lanes <= n; k += n_lanes) {
        for (std::size_t lane = 0; lane < n_lanes; ++lane) {
            lanes[lane] += values[k + lane];
        }
    }
    double total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
                   ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (; k < n; ++k) {
        total += values[k];
    }
    return total;
}

}  // namespace

double pairwise_sum(const double* values, std::size_t n) {
    if (n < n_lanes) {
        return sum_in_order(values, n);
    }
    if (n <= largest_block) {
        return sum_block(values, n);
    }
    const std::size_t half = n / 2 - (n / 2) % n_lanes;
    return pairwise_sum(values, half) + pairwise_sum(values + half, n - half);
}

double pairwise_mean(const double* values, std::size_t n) {
    return pairwise_sum(values, n) / static_cast<double>(n);
}

void subtract_mean(double* values, std::size_t n) {
    const double mean = pairwise_mean(values, n);
    for (std::size_t k = 0; k < n; ++k) {
        values[k] -= mean;
    }
}

}  // namespace fastshesha
