#pragma once

#include <cstddef>
#include <cstdint>

#include "rank_sink.hpp"

namespace fastshesha {

/// As many values are ranked without a branch that depends on them.
inline constexpr std::size_t most_without_branches = 4096;

/// Writes doubled average ranks of n sorted values, than which n_before others are smaller; returns
/// the sum of t^3 - t over all groups of t equal ones.
uint128 average_ties(const double* values, std::size_t n, std::size_t n_before,
                     std::uint32_t* doubled_ranks);

/// The doubled rank of n values that tie: first and last rank add up to twice their mean.
inline std::uint32_t doubled_rank(std::size_t n_before, std::size_t n = 1) {
    return static_cast<std::uint32_t>(2 * n_before + n + 1);
}

}  // namespace fastshesha
