#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernels.hpp"
#include "ranker.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Pairs in rising order of one distance, with what ties.
class PairOrder {
public:
    /// Sorts n values, none of them NaN; rows[k] are the counts' rows of the k-th.
    void sort(const double* values, const std::uint32_t* rows, std::size_t n, Ranker& ranker);

    std::size_t n_pairs() const { return indices_.size(); }
    /// Position among the values of the k-th pair of the order.
    const std::uint32_t* indices() const { return indices_.data(); }

    /// Parts of the order short enough to be passed between two looks for Ctrl-C. No tie group is
    /// split.
    std::size_t n_parts() const { return marks_.size() - 1; }
    WeightedPairs part(std::size_t part, const std::uint8_t* counts,
                       std::uint32_t largest_weight) const;

    /// The counts' rows of the k-th pair of the order.
    std::uint32_t rows(std::size_t k) const { return rows_[k]; }

    /// Gives every pair a line of ranks, which lies in the window of its place among the readers
    /// and, within a window, in the order of the writers. Both order the same pairs.
    static void assign_lines(PairOrder& writers, PairOrder& readers);

private:
    /// Where a part of the order begins.
    struct Mark {
        std::size_t pair = 0;
        std::size_t run = 0;
    };
    class Collector;
    void mark_parts();

    WorkBuffer<std::uint32_t> indices_;
    WorkBuffer<std::uint32_t> rows_;
    WorkBuffer<std::uint32_t> line_of_;
    std::vector<TieRun> runs_;
    std::vector<Mark> marks_;
};

}  // namespace fastshesha
