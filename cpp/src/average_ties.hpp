#pragma once

#include <cstddef>
#include <cstdint>

#include "rank_sink.hpp"

namespace fastshesha {

/// Writes doubled average ranks of n sorted values, than which n_before others are smaller; returns
/// the sum of t^3 - t over all groups of t equal ones.
uint128 average_ties(const double* values, std::size_t n, std::size_t n_before,
                     std::uint32_t* doubled_ranks);

/// The doubled rank of a value that ties with no other.
inline std::uint32_t doubled_rank(std::size_t n_before) {
    return static_cast<std::uint32_t>(2 * (n_before + 1));
}

}  // namespace fastshesha
