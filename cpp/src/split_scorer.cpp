#include "split_scorer.hpp"

#include <limits>

#include "condensed_scan.hpp"
#include "fastshesha/distance.hpp"

namespace fastshesha {

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
                                                 double* distances) {
    double* second = distances + group.half_stride();
    const bool complete = rank(distances, group.half(s, 0), &RankCorrelation::rank_first) &&
                          rank(second, group.half(s, 1), &RankCorrelation::rank_second);
    return complete ? std::optional(correlation_.rho()) : std::nullopt;
}

bool SplitScorer::rank_half(const SplitGroup& group, std::size_t s, std::size_t h,
                            double* distances) {
    return rank(distances + h * group.half_stride(), group.half(s, h),
                &RankCorrelation::rank_first);
}

std::optional<double> SplitScorer::fused_score(std::size_t split, const Worker& worker) {
    const bool complete = rank_fused(task_.first(split), &RankCorrelation::rank_first, worker) &&
                          rank_fused(task_.second(split), &RankCorrelation::rank_second, worker);
    return complete ? std::optional(correlation_.rho()) : std::nullopt;
}

bool SplitScorer::rank_fused(Columns columns, RankStep step, const Worker& worker) {
    rows_.pack(task_.X, columns, task_.metric, task_.kernels);
    const std::span<const double> norms(rows_.norms(), rows_.n_rows());
    if (!norms_are_tame(norms)) {
        return false;
    }
    fill(Rounding::fused, worker, first_distances_);
    const PairDistances exact(task_.X, columns, task_.metric, norms, fused_error(columns.size()));
    return rank(first_distances_.data(), exact, step);
}

bool SplitScorer::rank(double* distances, const PairDistances& exact, RankStep step) {
    return clearly_varies(distances, n_, exact.largest_error()) &&
           (correlation_.*step)(distances, n_, exact);
}

double SplitScorer::exact_score(std::size_t split, const Worker& worker,
                                std::int64_t& n_undefined) {
    rows_.pack(task_.X, task_.first(split), task_.metric, task_.kernels);
    fill(Rounding::exact, worker, first_distances_);
    rows_.pack(task_.X, task_.second(split), task_.metric, task_.kernels);
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

void SplitScorer::fill(Rounding rounding, const Worker& worker, WorkBuffer<double>& distances) {
    distances.resize(n_);
    DistanceTiles(rows_, task_.metric, task_.kernels, rounding)
        .compute_all(worker, distances.data());
}

}  // namespace fastshesha
