#include "average_ties.hpp"

#include <algorithm>
#include <array>

namespace fastshesha {
namespace {

constexpr std::size_t few = 4096;
// Sums of t^3 over groups of fewer values altogether fit 64 bits.
constexpr std::size_t most_of_small_sums = std::size_t{1} << 21;

/// First and last rank of a group of places [begin, end) add up to twice their mean.
std::uint32_t doubled_mean(std::size_t n_before, std::size_t begin, std::size_t end) {
    return static_cast<std::uint32_t>(2 * n_before + begin + end + 1);
}

/// Group after group; Sum holds the result.
template <class Sum>
Sum rank_groups(const double* values, std::size_t n, std::size_t n_before,
                std::uint32_t* doubled_ranks) {
    Sum tie_sum = 0;
    for (std::size_t begin = 0; begin < n;) {
        std::size_t end = begin + 1;
        while (end < n && values[end] == values[begin]) {
            ++end;
        }
        std::fill(doubled_ranks + begin, doubled_ranks + end, doubled_mean(n_before, begin, end));
        const Sum size = end - begin;
        tie_sum += size * size * size - size;
        begin = end;
    }
    return tie_sum;
}

/// The same for few values, whose groups are numbered first: no branch depends on the values, of
/// which small groups of any sizes would mislead most.
std::uint64_t rank_few(const double* values, std::size_t n, std::size_t n_before,
                       std::uint32_t* doubled_ranks) {
    std::array<std::uint32_t, few> of_group;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k + 1 < n; ++k) {
        doubled_ranks[k] = group;
        of_group[group] = static_cast<std::uint32_t>(k + 1);
        group += values[k] < values[k + 1] ? 1 : 0;
    }
    doubled_ranks[n - 1] = group;
    of_group[group] = static_cast<std::uint32_t>(n);
    std::uint64_t tie_sum = 0;
    std::size_t begin = 0;
    for (std::size_t g = 0; begin < n; ++g) {
        const std::size_t end = of_group[g];
        const std::uint64_t size = end - begin;
        tie_sum += size * size * size - size;
        of_group[g] = doubled_mean(n_before, begin, end);
        begin = end;
    }
    for (std::size_t k = 0; k < n; ++k) {
        doubled_ranks[k] = of_group[doubled_ranks[k]];
    }
    return tie_sum;
}

}  // namespace

uint128 average_ties(const double* values, std::size_t n, std::size_t n_before,
                     std::uint32_t* doubled_ranks) {
    if (0 < n && n <= few) {
        return rank_few(values, n, n_before, doubled_ranks);
    }
    return n < most_of_small_sums ? rank_groups<std::uint64_t>(values, n, n_before, doubled_ranks)
                                  : rank_groups<uint128>(values, n, n_before, doubled_ranks);
}

}  // namespace fastshesha
