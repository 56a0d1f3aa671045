#include "average_ties.hpp"

#include <algorithm>
#include <array>

namespace fastshesha {
namespace {

/// Group after group.
uint128 rank_groups(const double* values, std::size_t n, std::size_t n_before,
                    std::uint32_t* doubled_ranks) {
    RankOutcome outcome;
    for (std::size_t begin = 0; begin < n;) {
        std::size_t end = begin + 1;
        while (end < n && values[end] == values[begin]) {
            ++end;
        }
        std::fill(doubled_ranks + begin, doubled_ranks + end,
                  doubled_rank(n_before + begin, end - begin));
        outcome.add_tie(end - begin);
        begin = end;
    }
    return outcome.tie_sum;
}

/// The same for a few values, whose groups are numbered first: small groups of any sizes would
/// mislead a branch.
std::uint64_t rank_few(const double* values, std::size_t n, std::size_t n_before,
                       std::uint32_t* doubled_ranks) {
    std::array<std::uint32_t, most_without_branches> of_group;
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
        of_group[g] = doubled_rank(n_before + begin, end - begin);
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
    return 0 < n && n <= most_without_branches ? rank_few(values, n, n_before, doubled_ranks)
                                               : rank_groups(values, n, n_before, doubled_ranks);
}

}  // namespace fastshesha
