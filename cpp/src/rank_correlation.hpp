#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ranker.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// Spearman's rho of n pairs: `tie_sum_a` and `tie_sum_b` add up t^3 - t over groups of t equal
/// values, `product` the products of doubled ranks. NaN where a side is constant.
double rho_of_sums(std::size_t n, uint128 tie_sum_a, uint128 tie_sum_b, uint128 product);

/// Spearman's rho from integer sums of doubled ranks, so that no bit depends on the order of
/// summation. Vectors hold no NaN. Work space (16 to 32 bytes a value) is kept between calls.
class RankCorrelation {
public:
    /// Ranks approximations, as rank_first() does; false where that would need too many exact
    /// values.
    using Step = bool (RankCorrelation::*)(double*, std::size_t, const Approximation&, int);

    /// rho of two vectors; NaN when either is constant or n < 2.
    double spearman(const double* a, const double* b, std::size_t n, int n_threads = 1);

    /// rho of `values` with a 0/1 vector given as one entry of 0 or 1 per value.
    double spearman_with_binary(const double* values, const std::vector<std::uint32_t>& ones,
                                std::size_t n, int n_threads);

    /// The two steps of spearman for approximations, which are overwritten and need not exist at
    /// the same time. Each is false where the ranks would need too many exact values.
    bool rank_first(double* a, std::size_t n, const Approximation& approximation, int n_threads);
    bool rank_second(double* b, std::size_t n, const Approximation& approximation, int n_threads);

    /// rho of the vectors ranked last.
    double rho() const;

private:
    void keep_first(std::size_t n, const RankOutcome& outcome);
    void keep_second(const RankOutcome& outcome, uint128 product);

    Ranker ranker_;
    WorkBuffer<std::uint32_t> doubled_ranks_;
    /// Positions of approximations in rising order.
    WorkBuffer<std::uint32_t> order_;
    bool first_has_ties_ = false;
    std::size_t n_ = 0;
    uint128 first_square_ = 0;
    uint128 second_square_ = 0;
    uint128 product_ = 0;
};

}  // namespace fastshesha
