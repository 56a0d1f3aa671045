#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "parallel.hpp"
#include "split_scorer.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Scores all splits of a call: in groups where those settle the ranks, the rest one by one.
/// What a score is does not depend on the way it was found.
class SplitSchedule {
public:
    /// Groups keep within `memory` bytes of work space.
    SplitSchedule(SplitTask& task, int n_threads, std::size_t memory, double* scores,
                  std::int64_t* n_undefined);

    void run();

private:
    struct Group {
        std::size_t first_split;
        std::size_t size;
    };

    std::vector<Group> plan_groups() const;
    std::size_t group_size() const;
    std::size_t vector_bytes() const;
    bool threads_work_alone() const;
    bool threads_rank_alone(std::size_t n_splits) const;
    std::size_t group_size_within(std::size_t bytes) const;
    std::size_t own_group_size() const;
    FeatureHalves halves_of(const Group& group) const;
    void score_alone(const Group& group, const Worker& worker);
    void score_together(const Group& group);
    void settle(const SplitGroup& group, std::size_t first_split, std::size_t s,
                std::optional<double> rho);
    void score_split(const SplitGroup& group, std::size_t first_split, std::size_t s,
                     double* distances, const Worker& worker, int n_threads);
    void score_rest();

    SplitTask& task_;
    const std::size_t n_threads_;
    const std::size_t group_bytes_;
    std::vector<SplitScorer> scorers_;
    HeavyFeatures heavy_;
    /// Distances of a group, one buffer a thread where threads work alone.
    std::vector<WorkBuffer<double>> distances_;
    std::vector<char> settled_;
    std::atomic<bool> groups_pay_{true};
    double* scores_;
    std::int64_t* n_undefined_;
};

}  // namespace fastshesha
