#include "average_ties.hpp"

namespace fastshesha {
namespace {

// Sums of t^3 over groups of fewer values altogether fit 64 bits.
constexpr std::size_t most_of_small_sums = std::size_t{1} << 21;

/// Turns the first place of every value's group into the doubled rank; Sum holds the result.
template <class Sum>
Sum rank_groups(const double* values, std::size_t n, std::size_t n_before,
                std::uint32_t* doubled_ranks) {
    Sum tie_sum = 0;
    std::size_t last = n;
    for (std::size_t k = n; k-- > 0;) {
        last = k + 1 < n && values[k] == values[k + 1] ? last : k;
        const std::size_t size = last + 1 - doubled_ranks[k];
        // Each of t equal values adds t^2 - 1.
        tie_sum += std::uint64_t{size} * size - 1;
        // First and last rank of a group add up to twice their mean.
        doubled_ranks[k] += static_cast<std::uint32_t>(2 * n_before + last + 2);
    }
    return tie_sum;
}

}  // namespace

uint128 average_ties(const double* values, std::size_t n, std::size_t n_before,
                     std::uint32_t* doubled_ranks) {
    std::size_t first = 0;
    for (std::size_t k = 0; k < n; ++k) {
        first = k > 0 && values[k - 1] == values[k] ? first : k;
        doubled_ranks[k] = static_cast<std::uint32_t>(first);
    }
    return n < most_of_small_sums ? rank_groups<std::uint64_t>(values, n, n_before, doubled_ranks)
                                  : rank_groups<uint128>(values, n, n_before, doubled_ranks);
}

}  // namespace fastshesha
