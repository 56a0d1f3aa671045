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
    /// Where a part of the order begins, in pairs, in runs, and in lines of ranks.
    struct Mark {
        std::size_t pair = 0;
        std::size_t run = 0;
        std::size_t line = 0;
    };

    /// Sorts n values, none of them NaN; rows[k] are the counts' rows of the k-th.
    void sort(const double* values, const std::uint32_t* rows, std::size_t n, Ranker& ranker);

    std::size_t n_pairs() const { return indices_.size(); }
    /// One line of ranks for every single pair and every tie group.
    std::size_t n_lines() const { return marks_.back().line; }
    /// Position among the values of the k-th pair of the order.
    const std::uint32_t* indices() const { return indices_.data(); }

    /// Parts of the order short enough to be passed between two looks for Ctrl-C. No tie group is
    /// split.
    std::size_t n_parts() const { return marks_.size() - 1; }
    const Mark& mark(std::size_t part) const { return marks_[part]; }
    WeightedPairs part(std::size_t part, const std::uint8_t* counts,
                       std::uint32_t largest_weight) const;

    /// line_of[k]: the line of this order that holds the k-th pair of `other`, which orders the
    /// same values' positions.
    WorkBuffer<std::uint32_t> lines_of(const PairOrder& other) const;

    /// The counts' rows of the k-th pair of the order.
    std::uint32_t rows(std::size_t k) const { return rows_[k]; }

private:
    class Collector;
    void mark_parts();

    WorkBuffer<std::uint32_t> indices_;
    WorkBuffer<std::uint32_t> rows_;
    std::vector<TieRun> runs_;
    std::vector<Mark> marks_;
};

}  // namespace fastshesha
