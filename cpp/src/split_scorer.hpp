#pragma once

#include <atomic>
#include <optional>
#include <span>

#include "distance_tiles.hpp"
#include "fastshesha/feature_split.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"
#include "split_group.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// What all splits of one call share.
struct SplitTask {
    const MatrixView& X;
    const RowClasses& classes;
    FeatureHalves halves;
    Metric metric;
    UndefinedPolicy undefined;
    const Kernels& kernels;
    /// Cleared by the first split whose distances hold too many near-ties: others will too.
    std::atomic<bool> fused_pays;

    Columns first(std::size_t split) const {
        return {halves.first + split * halves.half_size, halves.half_size};
    }
    Columns second(std::size_t split) const {
        return {halves.second + split * halves.half_size, halves.half_size};
    }
};

/// Scores splits one after the other; every thread has its own. Ranks need only the order of the
/// distances, which fused products give at half the cost; where two lie too close to tell, both
/// are computed again with SciPy's bits.
class SplitScorer {
public:
    explicit SplitScorer(SplitTask& task);

    /// Score of a split, NaN where it cannot be scored; 20 to 44 bytes of memory a pair.
    double score(std::size_t split, const Worker& worker, std::int64_t& n_undefined);

    /// The same on several threads.
    double score_on(int n_threads, std::size_t split, std::int64_t& n_undefined);

    /// The same from a group's distances for split s of the group, which are overwritten; nothing
    /// where they do not settle the ranks.
    std::optional<double> score_grouped(const SplitGroup& group, std::size_t s, double* distances,
                                        int n_threads);

private:
    std::optional<double> fused_score(std::size_t split, const Worker& worker);
    double exact_score(std::size_t split, const Worker& worker, std::int64_t& n_undefined);
    std::size_t keep_scorable(bool are_defined, std::int64_t& n_undefined);
    bool rank_fused(Columns columns, RankCorrelation::Step step, const Worker& worker);
    bool rank(double* distances, const PairDistances& exact, RankCorrelation::Step step,
              int n_threads);
    void fill(Rounding rounding, const Worker& worker, WorkBuffer<double>& distances);
    /// Of the rows packed last. Where they are tame, all distances are defined.
    std::span<const double> norms() const { return {rows_.norms(), rows_.n_rows()}; }

    SplitTask& task_;
    std::size_t n_;
    PackedRows rows_;
    RankCorrelation correlation_;
    WorkBuffer<double> first_distances_;
    WorkBuffer<double> second_distances_;
};

}  // namespace fastshesha
