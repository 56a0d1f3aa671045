#include "split_schedule.hpp"

#include <algorithm>

#include "fastshesha/distance.hpp"
#include "split_group.hpp"

namespace fastshesha {
namespace {

// Distances that all groups in work may hold at a time; fresh memory costs time, too. Two splits,
// which save a quarter of the products, may hold more, and one whatever it takes.
constexpr std::size_t most_group_bytes = std::size_t{96} << 20;
constexpr std::size_t most_bytes_of_two = std::size_t{2048} << 20;
// A group this small stays with the thread that ranks it, near its cache; larger groups would
// save products but measure slower on a busy machine.
constexpr std::size_t own_group_bytes = std::size_t{6} << 20;
// More distances than this are ranked by all threads, for they leave the cache of a core anyway and
// take less fresh memory.
constexpr std::size_t most_bytes_ranked_alone = std::size_t{4} << 20;
constexpr double largest_multiple = 16.0;
// Smaller groups are better shared by all threads.
constexpr std::size_t smallest_own_group = 3;

/// What is left for the distances of groups, beside packed rows for every thread, and scratch space
/// or values dealt with their positions, ranks and order wherever a split is ranked at a time.
std::size_t bytes_for_groups(const SplitTask& task, std::size_t n_threads, std::size_t memory) {
    const std::size_t n = task.X.n_rows;
    const std::size_t to_rank = n_pairs(n) * (sizeof(double) + 3 * sizeof(std::uint32_t));
    const std::size_t one_split = 2 * n_pairs(n) * sizeof(double) + 1;
    const std::size_t wanted =
        std::max({one_split, most_group_bytes, std::min(2 * one_split, most_bytes_of_two)});
    const std::size_t n_ranked =
        n_pairs(n) * sizeof(double) <= most_bytes_ranked_alone ? n_threads : 1;
    const std::size_t others =
        n_ranked * to_rank + n_threads * n * task.X.n_columns * sizeof(double);
    return memory < others ? 0 : std::min(memory - others, wanted);
}

}  // namespace

SplitSchedule::SplitSchedule(SplitTask& task, int n_threads, std::size_t memory, double* scores,
                             std::int64_t* n_undefined)
    : task_(task),
      n_threads_(static_cast<std::size_t>(std::max(1, n_threads))),
      group_bytes_(bytes_for_groups(task, n_threads_, memory)),
      scorers_(n_threads_, SplitScorer(task)),
      distances_(n_threads_),
      settled_(task.halves.n_splits, 0),
      scores_(scores),
      n_undefined_(n_undefined) {
    std::fill_n(n_undefined, task.halves.n_splits, 0);
}

void SplitSchedule::run() {
    const std::vector<Group> groups = plan_groups();
    const int n_threads = static_cast<int>(n_threads_);
    if (!groups.empty()) {
        heavy_ = find_heavy_features(task_.X, n_threads);
    }
    if (threads_work_alone()) {
        parallel_for(groups.size(), n_threads,
                     [&](std::size_t g, const Worker& worker) { score_alone(groups[g], worker); });
    } else {
        for (const Group& group : groups) {
            score_together(group);
        }
    }
    score_rest();
}

std::size_t SplitSchedule::vector_bytes() const { return sizeof(double) * n_pairs(task_.X.n_rows); }

bool SplitSchedule::threads_work_alone() const {
    return own_group_size() >= smallest_own_group &&
           task_.halves.n_splits / own_group_size() >= n_threads_;
}

/// Of a group that threads share: whether each ranks splits of its own.
bool SplitSchedule::threads_rank_alone(std::size_t n_splits) const {
    return n_splits >= n_threads_ && vector_bytes() <= most_bytes_ranked_alone;
}

std::size_t SplitSchedule::group_size_within(std::size_t bytes) const {
    const std::size_t most = std::min(task_.halves.n_splits, bytes / (2 * vector_bytes() + 1));
    return most == 0 ? 0 : SplitGroup::best_size(task_.X.n_columns, most);
}

std::size_t SplitSchedule::own_group_size() const {
    return group_size_within(std::min(own_group_bytes, group_bytes_ / n_threads_));
}

std::size_t SplitSchedule::group_size() const {
    if (threads_work_alone()) {
        return own_group_size();
    }
    const std::size_t shared = group_size_within(group_bytes_);
    // As many for every thread.
    return threads_rank_alone(shared) ? shared / n_threads_ * n_threads_ : shared;
}

std::vector<SplitSchedule::Group> SplitSchedule::plan_groups() const {
    std::vector<Group> groups;
    const bool possible = task_.fused_pays.load() && SplitGroup::serves(task_.X, task_.halves);
    const std::size_t size = possible ? group_size() : 0;
    const std::size_t n_splits = size == 0 ? 0 : task_.halves.n_splits;
    for (std::size_t next = 0; next < n_splits; next += size) {
        groups.push_back({next, std::min(size, n_splits - next)});
    }
    return groups;
}

FeatureHalves SplitSchedule::halves_of(const Group& group) const {
    return {task_.first(group.first_split).data(), task_.second(group.first_split).data(),
            group.size, task_.halves.half_size};
}

void SplitSchedule::score_alone(const Group& group, const Worker& worker) {
    if (!groups_pay_.load()) {
        return;
    }
    SplitGroup splits(task_.X, task_.classes, halves_of(group), task_.metric, heavy_, task_.kernels,
                      1);
    if (!splits.usable()) {
        return;
    }
    WorkBuffer<double>& distances = distances_[worker.index()];
    distances.resize(std::max(distances.size(), 2 * group.size * splits.half_stride()));
    for (std::size_t block = 0; block < splits.n_blocks(); ++block) {
        worker.check_interrupt();
        splits.compute_block(block, distances.data());
    }
    for (std::size_t s = 0; s < group.size; ++s) {
        score_split(splits, group.first_split, s, distances.data(), worker, 1);
    }
}

void SplitSchedule::score_together(const Group& group) {
    if (!groups_pay_.load()) {
        return;
    }
    const int n_threads = static_cast<int>(n_threads_);
    SplitGroup splits(task_.X, task_.classes, halves_of(group), task_.metric, heavy_, task_.kernels,
                      n_threads);
    if (!splits.usable()) {
        return;
    }
    WorkBuffer<double>& distances = distances_.front();
    distances.resize(std::max(distances.size(), 2 * group.size * splits.half_stride()));
    parallel_for(splits.n_blocks(), n_threads, [&](std::size_t block, const Worker&) {
        splits.compute_block(block, distances.data());
    });
    const bool alone = threads_rank_alone(group.size);
    parallel_for(group.size, alone ? n_threads : 1, [&](std::size_t s, const Worker& worker) {
        score_split(splits, group.first_split, s, distances.data(), worker, alone ? 1 : n_threads);
    });
}

void SplitSchedule::score_split(const SplitGroup& group, std::size_t first_split, std::size_t s,
                                double* distances, const Worker& worker, int n_threads) {
    double* own = distances + 2 * s * group.half_stride();
    settle(group, first_split, s, scorers_[worker.index()].score_grouped(group, s, own, n_threads));
}

void SplitSchedule::settle(const SplitGroup& group, std::size_t first_split, std::size_t s,
                           std::optional<double> rho) {
    settled_[first_split + s] = rho.has_value();
    scores_[first_split + s] = rho.value_or(0.0);
    if (!rho) {
        groups_pay_.store(false);
        // Where a group knows distances about as well as fused products do, those tie as often.
        const double fused = fused_error(task_.halves.half_size);
        if (group.half(s, 0).largest_error() <= largest_multiple * fused) {
            task_.fused_pays.store(false);
        }
    }
}

void SplitSchedule::score_rest() {
    std::vector<std::size_t> rest;
    for (std::size_t split = 0; split < settled_.size(); ++split) {
        if (settled_[split] == 0) {
            rest.push_back(split);
        }
    }
    distances_.clear();
    if (rest.size() < n_threads_) {
        for (const std::size_t split : rest) {
            scores_[split] =
                scorers_[0].score_on(static_cast<int>(n_threads_), split, n_undefined_[split]);
        }
        return;
    }
    parallel_for(
        rest.size(), static_cast<int>(n_threads_), [&](std::size_t k, const Worker& worker) {
            const std::size_t split = rest[k];
            scores_[split] = scorers_[worker.index()].score(split, worker, n_undefined_[split]);
        });
}

}  // namespace fastshesha
