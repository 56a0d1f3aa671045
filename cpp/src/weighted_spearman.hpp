#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"
#include "pair_order.hpp"
#include "paired_distances.hpp"
#include "parallel.hpp"
#include "replicate_block.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Distances of two RDMs with the order of their pairs by each. Fill `distances` and settle it,
/// sort both sides, in any order or at once, then link them.
struct OrderedPairs {
    PairedDistances distances;
    PairOrder order[2];

    void sort(std::size_t side, Ranker& ranker) {
        order[side].sort(distances.side(side), distances.rows(), distances.n(), ranker);
    }
    void link() { PairOrder::assign_lines(order[0], order[1]); }
};

/// Spearman's rho of one block of replicates after the other. Every thread has its own.
class WeightedSpearman {
public:
    explicit WeightedSpearman(const Kernels& kernels) : kernels_(kernels) {}

    /// rho for every replicate of the block, or NaN where something else must decide.
    void score(const OrderedPairs& pairs, const ReplicateBlock& block, const Worker& worker,
               double* values, std::int64_t* n_undefined);

private:
    void pass_first(const PairOrder& order, const ReplicateBlock& block, const Worker& worker,
                    RankProgress& progress);
    void pass_second(const PairOrder& order, const ReplicateBlock& block, std::size_t carry,
                     const Worker& worker, RankProgress& progress, RankProducts& products);

    const Kernels& kernels_;
    /// Ranks by the first order, a line for every pair.
    WorkBuffer<std::int32_t> lines_;
};

}  // namespace fastshesha
