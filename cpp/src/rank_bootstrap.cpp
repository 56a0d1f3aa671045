#include "rank_bootstrap.hpp"

#include <algorithm>

#include "kernels/dispatch.hpp"

namespace fastshesha {
namespace {

// What threads may take together where there are many.
constexpr std::size_t most_bytes = std::size_t{4} << 30;
constexpr std::size_t bytes_per_pair = 130;

int affordable_threads(int requested, std::size_t n_values) {
    const std::size_t most = most_bytes / (bytes_per_pair * std::max<std::size_t>(n_values, 1));
    return static_cast<int>(std::clamp<std::size_t>(most, 1, static_cast<std::size_t>(requested)));
}

}  // namespace

RankBootstrap::RankBootstrap(const DistanceSource& source, const Resamples& resamples,
                             UndefinedPolicy undefined, int n_threads)
    : source_(source),
      resamples_(resamples),
      undefined_(undefined),
      rows_(pair_count_rows(resamples)),
      blocks_(replicate_blocks(resamples)),
      n_threads_(affordable_threads(n_threads, resamples.n_values())),
      pairs_(static_cast<std::size_t>(n_threads_)),
      rankers_(static_cast<std::size_t>(n_threads_)),
      scorers_(static_cast<std::size_t>(n_threads_), WeightedSpearman(active_kernels())) {}

void RankBootstrap::run(std::size_t n_rdm_pairs, double* values, std::int64_t* n_undefined) {
    for (std::size_t first = 0; first < n_rdm_pairs; first += pairs_.size()) {
        const std::size_t n = std::min(pairs_.size(), n_rdm_pairs - first);
        prepare(first, n);
        score(n, values + first * resamples_.n_replicates,
              n_undefined + first * resamples_.n_replicates);
    }
}

void RankBootstrap::prepare(std::size_t first, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
        pairs_[k].distances.resize(rows_.size());
    }
    parallel_for(2 * n, n_threads_, [&](std::size_t task, const Worker& worker) {
        source_.fill(first + task / 2, task % 2, worker, pairs_[task / 2].distances.side(task % 2));
    });
    parallel_for(n, n_threads_, [&](std::size_t k, const Worker&) {
        pairs_[k].distances.settle(rows_, undefined_);
    });
    parallel_for(2 * n, n_threads_, [&](std::size_t task, const Worker& worker) {
        pairs_[task / 2].sort(task % 2, rankers_[worker.index()]);
    });
    parallel_for(n, n_threads_, [&](std::size_t k, const Worker&) { pairs_[k].link(); });
}

void RankBootstrap::score(std::size_t n, double* values, std::int64_t* n_undefined) {
    parallel_for(n * blocks_.size(), n_threads_, [&](std::size_t task, const Worker& worker) {
        const std::size_t block = task % blocks_.size();
        const std::size_t at =
            task / blocks_.size() * resamples_.n_replicates + block * replicate_lanes;
        scorers_[worker.index()].score(pairs_[task / blocks_.size()], blocks_[block], worker,
                                       values + at, n_undefined + at);
    });
}

}  // namespace fastshesha
