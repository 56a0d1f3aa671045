#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/bootstrap.hpp"
#include "kernels/kernels.hpp"
#include "rank_sink.hpp"

namespace fastshesha {

/// The two rows of a block's counts that a pair takes.
constexpr std::uint32_t count_rows(std::size_t first, std::size_t second) {
    return static_cast<std::uint32_t>(first | second << 16);
}

/// How often replicate_lanes replicates, or the few that are left, drew each sample.
///
/// Row i of the counts is that of sample i. With self-pairs, rows n + i and 2 n + i follow, whose
/// product c (c - 1) / 2 is the number of pairs of sample i with itself.
class ReplicateBlock {
public:
    ReplicateBlock(const Resamples& resamples, std::size_t first);

    std::size_t n_replicates() const { return n_replicates_; }
    /// Whether the counts of a replicate are small enough for 32-bit sums; else they are all zero.
    bool served(std::size_t lane) const { return served_[lane]; }
    const std::uint8_t* counts() const { return counts_.data(); }
    std::vector<double> counts_as_doubles() const;

    std::uint32_t weight(std::uint32_t rows, std::size_t lane) const {
        return static_cast<std::uint32_t>(counts_[(rows & 0xffffu) * replicate_lanes + lane] *
                                          counts_[(rows >> 16) * replicate_lanes + lane]);
    }

    /// The largest weight of a pair in any replicate, at least 1.
    std::uint32_t largest_weight() const { return largest_weight_; }

    /// Sum of the weights of all pairs of a replicate.
    std::uint64_t total_weight(std::size_t lane) const { return total_weight_[lane]; }

    /// Sum of their cubes.
    uint128 total_cubes(std::size_t lane) const { return total_cubes_[lane]; }

private:
    void fill(const std::uint8_t* counts, std::size_t lane, const Resamples& resamples);

    std::size_t n_replicates_;
    std::vector<std::uint8_t> counts_;
    bool served_[replicate_lanes] = {};
    std::uint32_t largest_weight_ = 1;
    std::uint64_t total_weight_[replicate_lanes] = {};
    uint128 total_cubes_[replicate_lanes] = {};
};

/// All replicates, block after block.
std::vector<ReplicateBlock> replicate_blocks(const Resamples& resamples);

/// The counts' rows of all pairs in the order of a condensed vector, self-pairs last.
std::vector<std::uint32_t> pair_count_rows(const Resamples& resamples);

}  // namespace fastshesha
