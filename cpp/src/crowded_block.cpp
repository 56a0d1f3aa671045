#include "crowded_block.hpp"

#include <algorithm>
#include <bit>

#include "item_sort.hpp"
#include "kernels/dispatch.hpp"

namespace fastshesha {

bool CrowdedBlock::sort(std::size_t largest_group) {
    std::uint64_t* const begin = items();
    const auto [lowest, highest] = std::minmax_element(begin, begin + n_);
    const std::uint64_t smallest = *lowest;
    const int top = static_cast<int>(std::bit_width(*highest - smallest)) + index_bits;
    if (top > item_bits) {
        return false;
    }
    for (std::size_t k = 0; k < n_; ++k) {
        begin[k] = item_marker | (begin[k] - smallest) << index_bits | k;
    }
    if (largest_group <= place_reach + 1) {
        std::fill_n(begin + n_, place_reach, std::uint64_t{2} * item_marker);
        active_kernels().place_items(begin, n_, largest_group - 1, sorted_.data());
    } else {
        std::copy_n(begin, n_, sorted_.data());
        sort_items(sorted_.data(), begin, n_, index_bits, top);
    }
    return true;
}

std::uint64_t CrowdedBlock::rank(std::size_t n_before, std::uint32_t* positions,
                                 std::uint32_t* doubled_ranks) const {
    constexpr std::uint64_t index_mask = capacity - 1;
    std::size_t first = 0;
    for (std::size_t k = 0; k < n_; ++k) {
        first = k > 0 && same(k - 1, k) ? first : k;
        positions[k] = positions_[sorted_[k] & index_mask];
        doubled_ranks[k] = static_cast<std::uint32_t>(first);
    }
    std::uint64_t tie_sum = 0;
    std::size_t last = n_;
    for (std::size_t k = n_; k-- > 0;) {
        last = k + 1 < n_ && same(k, k + 1) ? last : k;
        const std::size_t size = last + 1 - doubled_ranks[k];
        // Each of t equal values adds t^2 - 1.
        tie_sum += size * size - 1;
        // First and last rank of a group add up to twice their mean.
        doubled_ranks[k] += static_cast<std::uint32_t>(2 * n_before + last + 2);
    }
    return tie_sum;
}

}  // namespace fastshesha
