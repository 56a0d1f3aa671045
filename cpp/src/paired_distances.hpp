#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fastshesha/correlation.hpp"
#include "replicate_block.hpp"
#include "work_buffer.hpp"

namespace fastshesha {

/// The distances of the same pairs in two RDMs, with the counts' rows of each pair, after what is
/// undefined has been left out or replaced.
class PairedDistances {
public:
    /// Both sides, to be filled with n values in the order of `rows`.
    void resize(std::size_t n);
    double* side(std::size_t s) { return values_[s].data(); }
    const double* side(std::size_t s) const { return values_[s].data(); }

    /// Deals with undefined values. `rows` must outlive this.
    void settle(const std::vector<std::uint32_t>& rows, UndefinedPolicy undefined);

    /// Subtracts each side's mean over its pairs, whatever their weights will be.
    void centre();

    std::size_t n() const { return n_; }
    const std::uint32_t* rows() const { return kept_rows_.empty() ? all_rows_ : kept_rows_.data(); }
    double largest_magnitude(std::size_t s) const { return largest_[s]; }

    /// Whether undefined pairs are among those kept.
    bool replaces() const { return replaces_; }
    const std::vector<std::uint32_t>& undefined_rows() const { return undefined_rows_; }

private:
    WorkBuffer<double> values_[2];
    std::size_t n_ = 0;
    const std::uint32_t* all_rows_ = nullptr;
    std::vector<std::uint32_t> kept_rows_;
    std::vector<std::uint32_t> undefined_rows_;
    double largest_[2] = {};
    bool replaces_ = false;
};

/// What the pairs of one replicate come to.
struct PairTotals {
    std::uint64_t n_undefined;
    std::uint64_t weight;  ///< number of pairs that count
    uint128 cubes;         ///< sum of the cubes of their weights
};

PairTotals pair_totals(const PairedDistances& distances, const ReplicateBlock& block,
                       std::size_t lane);

/// Whether a standard deviation proves that neither 1e-12, below which an RDM counts as constant,
/// nor the limit below which it counts as nearly constant is near, in spite of all rounding.
bool varies_for_certain(double standard_deviation, double largest_magnitude);

}  // namespace fastshesha
