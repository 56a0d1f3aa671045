#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"
#include "rank_maps.hpp"
#include "rank_sink.hpp"

namespace fastshesha {

/// Ranks values that were sorted by keys too coarse to tell many of them apart: they are told
/// apart by their bits, and ties found among neighbours. No branch depends on the values.
class CrowdedBlock {
public:
    static constexpr std::size_t capacity = 4096;

    void clear() { n_ = 0; }

    /// Takes a value, which stands at `position` of the ranked vector. Keys must not fall.
    void add(double value, std::uint32_t position) {
        items()[n_] = sortable_bits(value);
        positions_[n_] = position;
        ++n_;
    }

    /// Sorts the values, of which at most `largest_group` have one key. False, and the block is
    /// spoilt, where they lie too far from each other.
    bool sort(std::size_t largest_group);

    /// Writes positions and doubled average ranks in rising order, with n_before smaller values
    /// elsewhere, and returns the sum of t^3 - t over all groups of t equal values.
    std::uint64_t rank(std::size_t n_before, std::uint32_t* positions,
                       std::uint32_t* doubled_ranks) const;

private:
    static constexpr int index_bits = 12;
    static_assert(capacity == std::size_t{1} << index_bits);

    std::uint64_t* items() { return padded_.data() + place_reach; }
    bool same(std::size_t i, std::size_t j) const {
        return sorted_[i] >> index_bits == sorted_[j] >> index_bits;
    }

    std::size_t n_ = 0;
    // Room for neighbours on both sides, and for one vector read beyond.
    std::array<std::uint64_t, capacity + 2 * place_reach + max_vector_items> padded_{};
    std::array<std::uint64_t, capacity> sorted_;
    std::array<std::uint32_t, capacity> positions_;
};

}  // namespace fastshesha
