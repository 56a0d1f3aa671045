#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parallel.hpp"
#include "ranker.hpp"
#include "replicate_block.hpp"
#include "weighted_spearman.hpp"

namespace fastshesha {

/// Where the distances of pairs of RDMs come from.
class DistanceSource {
public:
    /// Writes side 0 or 1 of RDM pair `index`, as many values as the resamples need. Called by
    /// several threads at once.
    virtual void fill(std::size_t index, std::size_t side, const Worker& worker,
                      double* out) const = 0;

protected:
    ~DistanceSource() = default;
};

/// Spearman's rho of pairs of RDMs in every replicate. As many pairs as there are threads are
/// computed and sorted together; their blocks of replicates are then shared out among all threads.
class RankBootstrap {
public:
    RankBootstrap(const DistanceSource& source, const Resamples& resamples,
                  UndefinedPolicy undefined, int n_threads);

    /// Results hold n_rdm_pairs rows of n_replicates.
    void run(std::size_t n_rdm_pairs, double* values, std::int64_t* n_undefined);

private:
    void prepare(std::size_t first, std::size_t n);
    void score(std::size_t n, double* values, std::int64_t* n_undefined);

    const DistanceSource& source_;
    const Resamples& resamples_;
    const UndefinedPolicy undefined_;
    const std::vector<std::uint32_t> rows_;
    const std::vector<ReplicateBlock> blocks_;
    const int n_threads_;
    std::vector<OrderedPairs> pairs_;
    std::vector<Ranker> rankers_;
    std::vector<WeightedSpearman> scorers_;
};

}  // namespace fastshesha
