#include "split_scorer.hpp"

#include <limits>

#include "condensed_scan.hpp"
#include "fastshesha/distance.hpp"

namespace fastshesha {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

SplitScorer::SplitScorer(SplitTask& task) : task_(task), n_(n_pairs(task.X.n_rows)) {}

double SplitScorer::score(std::size_t split, const Worker& worker, std::int64_t& n_undefined) {
    n_undefined = 0;
    if (task_.fused_pays.load()) {
        if (const auto rho = fused_score(split, worker)) {
            return *rho;
        }
        task_.fused_pays.store(false);
    }
    return exact_score(split, worker, n_undefined);
}

std::optional<double> SplitScorer::score_grouped(const SplitGroup& group, std::size_t s,
                                                 double* distances, int n_threads) {
    double* second = distances + group.half_stride();
    const bool complete =
        rank(distances, group.half(s, 0), &RankCorrelation::rank_first, n_threads) &&
        rank(second, group.half(s, 1), &RankCorrelation::rank_second, n_threads);
    return complete ? std::optional(correlation_.rho()) : std::nullopt;
}

std::optional<double> SplitScorer::fused_score(std::size_t split, const Worker& worker) {
    const bool complete = rank_fused(task_.first(split), &RankCorrelation::rank_first, worker) &&
                          rank_fused(task_.second(split), &RankCorrelation::rank_second, worker);
    return complete ? std::optional(correlation_.rho()) : std::nullopt;
}

bool SplitScorer::rank_fused(Columns columns, RankCorrelation::Step step, const Worker& worker) {
    rows_.pack(task_.X, columns, task_.metric, task_.kernels);
    if (!norms_are_tame(norms())) {
        return false;
    }
    fill(Rounding::fused, worker, first_distances_);
    const ApproximateValues distances{value_range(first_distances_.data(), n_),
                                      fused_error(columns.size())};
    const PairDistances exact(task_.X, columns, task_.metric, norms(), distances, &task_.classes);
    return rank(first_distances_.data(), exact, step, 1);
}

bool SplitScorer::rank(double* distances, const PairDistances& exact, RankCorrelation::Step step,
                       int n_threads) {
    return clearly_varies(distances, n_, exact.largest_error()) &&
           (correlation_.*step)(distances, n_, exact, n_threads);
}

double SplitScorer::exact_score(std::size_t split, const Worker& worker,
                                std::int64_t& n_undefined) {
    rows_.pack(task_.X, task_.first(split), task_.metric, task_.kernels);
    bool are_defined = norms_are_tame(norms());
    fill(Rounding::exact, worker, first_distances_);
    rows_.pack(task_.X, task_.second(split), task_.metric, task_.kernels);
    are_defined = are_defined && norms_are_tame(norms());
    fill(Rounding::exact, worker, second_distances_);
    const std::size_t n = keep_scorable(are_defined, n_undefined);
    return n == 0 ? nan
                  : correlation_.spearman(first_distances_.data(), second_distances_.data(), n);
}

double SplitScorer::score_on(int n_threads, std::size_t split, std::int64_t& n_undefined) {
    const auto fill_on_threads = [&](Columns columns, WorkBuffer<double>& distances) {
        rows_.pack(task_.X, columns, task_.metric, task_.kernels, n_threads);
        distances.resize(n_);
        const DistanceTiles tiles(rows_, task_.metric, task_.kernels);
        parallel_for(tiles.n_blocks(), n_threads, [&](std::size_t block, const Worker&) {
            tiles.compute_block(block, distances.data());
        });
        return norms_are_tame(norms());
    };
    const bool first_defined = fill_on_threads(task_.first(split), first_distances_);
    const bool second_defined = fill_on_threads(task_.second(split), second_distances_);
    const std::size_t n = keep_scorable(first_defined && second_defined, n_undefined);
    double rho = nan;
    // In a region, for Ctrl-C.
    parallel_for(n == 0 ? 0 : 1, 1, [&](std::size_t, const Worker&) {
        rho =
            correlation_.spearman(first_distances_.data(), second_distances_.data(), n, n_threads);
    });
    return rho;
}

/// Leaves out undefined pairs as the policy says, unless there are none; the number of pairs, 0
/// where there is no score.
std::size_t SplitScorer::keep_scorable(bool are_defined, std::int64_t& n_undefined) {
    double* const a = first_distances_.data();
    double* const b = second_distances_.data();
    std::size_t n = n_;
    n_undefined = are_defined ? 0 : static_cast<std::int64_t>(count_undefined(a, b, n));
    if (n_undefined > 0) {
        n = task_.undefined == UndefinedPolicy::stop
                ? 0
                : apply_undefined_policy(a, b, n, task_.undefined);
    }
    return n < 2 || !varies(a, n) || !varies(b, n) ? 0 : n;
}

void SplitScorer::fill(Rounding rounding, const Worker& worker, WorkBuffer<double>& distances) {
    distances.resize(n_);
    DistanceTiles(rows_, task_.metric, task_.kernels, rounding)
        .compute_all(worker, distances.data());
}

}  // namespace fastshesha
