#include "fastshesha/feature_split.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <vector>

#include "condensed_scan.hpp"
#include "distance_tiles.hpp"
#include "fastshesha/distance.hpp"
#include "kernels/dispatch.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "parallel.hpp"
#include "rank_correlation.hpp"
#include "work_buffer.hpp"

namespace fastshesha {
namespace {

using Columns = std::span<const std::int64_t>;

/// What all splits of one call share.
struct SplitTask {
    const MatrixView& X;
    Metric metric;
    UndefinedPolicy undefined;
    const Kernels& kernels;
    /// Cleared by the first split whose distances hold too many near-ties: the others will too.
    std::atomic<bool> fused_pays;
};

/// Scores splits one after the other; every thread has its own. Ranks need only the order of the
/// distances, which fused products give at half the cost; where two lie too close to tell, both
/// are computed again with SciPy's bits.
class SplitScorer {
public:
    explicit SplitScorer(SplitTask& task) : task_(task), n_(n_pairs(task.X.n_rows)) {}

    double score(Columns first, Columns second, const Worker& worker, std::int64_t& n_undefined) {
        n_undefined = 0;
        if (task_.fused_pays.load()) {
            if (const auto rho = fused_score(first, second, worker)) {
                return *rho;
            }
            task_.fused_pays.store(false);
        }
        return exact_score(first, second, worker, n_undefined);
    }

private:
    std::optional<double> fused_score(Columns first, Columns second, const Worker& worker) {
        const auto rank = [&](Columns columns, auto step) {
            rows_.pack(task_.X, columns, task_.metric, task_.kernels);
            if (!norms_are_tame(rows_)) {
                return false;
            }
            fill(Rounding::fused, worker, first_distances_);
            const FusedDistances fused(rows_);
            return clearly_varies(first_distances_.data(), n_, fused.largest_error()) &&
                   (correlation_.*step)(first_distances_.data(), n_, &fused);
        };
        const bool complete =
            rank(first, &RankCorrelation::rank_first) && rank(second, &RankCorrelation::rank_second);
        return complete ? std::optional(correlation_.rho()) : std::nullopt;
    }

    double exact_score(Columns first, Columns second, const Worker& worker,
                       std::int64_t& n_undefined) {
        rows_.pack(task_.X, first, task_.metric, task_.kernels);
        fill(Rounding::exact, worker, first_distances_);
        rows_.pack(task_.X, second, task_.metric, task_.kernels);
        fill(Rounding::exact, worker, second_distances_);
        double* a = first_distances_.data();
        double* b = second_distances_.data();
        std::size_t n = n_;
        n_undefined = static_cast<std::int64_t>(count_undefined(a, b, n));
        if (n_undefined > 0) {
            n = task_.undefined == UndefinedPolicy::stop
                    ? 0
                    : apply_undefined_policy(a, b, n, task_.undefined);
        }
        if (n < 2 || !varies(a, n) || !varies(b, n)) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        return correlation_.spearman(a, b, n);
    }

    void fill(Rounding rounding, const Worker& worker, WorkBuffer<double>& distances) {
        distances.resize(n_);
        const DistanceTiles tiles(rows_, task_.metric, task_.kernels, rounding);
        for (std::size_t block = 0; block < tiles.n_blocks(); ++block) {
            worker.check_interrupt();
            tiles.compute_block(block, distances.data());
        }
    }

    SplitTask& task_;
    const std::size_t n_;
    PackedRows rows_;
    RankCorrelation correlation_;
    WorkBuffer<double> first_distances_;
    WorkBuffer<double> second_distances_;
};

}  // namespace

void feature_split_scores(const MatrixView& X, const FeatureHalves& halves, Metric metric,
                          UndefinedPolicy undefined, int n_threads, double* scores,
                          std::int64_t* n_undefined) {
    const Kernels& kernels = active_kernels();
    const bool fused_possible = kernels.add_products_fused != nullptr &&
                                metric != Metric::euclidean && n_pairs(X.n_rows) > 0;
    SplitTask task{X, metric, undefined, kernels, fused_possible};
    std::vector<SplitScorer> scorers(static_cast<std::size_t>(std::max(1, n_threads)),
                                     SplitScorer(task));
    parallel_for(halves.n_splits, n_threads, [&](std::size_t split, const Worker& worker) {
        const std::size_t offset = split * halves.half_size;
        scores[split] = scorers[worker.index()].score({halves.first + offset, halves.half_size},
                                                      {halves.second + offset, halves.half_size},
                                                      worker, n_undefined[split]);
    });
}

}  // namespace fastshesha
