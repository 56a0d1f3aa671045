#pragma once

#include <cstddef>
#include <vector>

#include "fastshesha/feature_split.hpp"
#include "heavy_features.hpp"
#include "kernels/kernels.hpp"
#include "packed_rows.hpp"
#include "pair_distance.hpp"
#include "pattern_order.hpp"
#include "rank_one_terms.hpp"
#include "tile_grid.hpp"
#include "tile_order.hpp"

namespace fastshesha {

/// Cosine or correlation distances of both halves of several splits from one pass over the
/// features.
///
/// Each feature carries a pattern of bits: bit s is set where the feature lies in the first half
/// of split s. Features are visited in Gray-code order of their patterns, so that one bit changes
/// at a time, and a running sum C is never reset: where bit s turns on, C is taken from S_s,
/// where it turns off, C is added. In the end S_s is the sum over the first half of split s and
/// C - S_s that over the second. ("Method of the four Russians", applied to Gram matrices.) Heavy
/// features, one that is in neither half of a split, and means are terms of their own.
class SplitGroup {
public:
    static constexpr std::size_t most_splits = 6;

    /// The number of splits that makes one split cheapest, at most `available`.
    static std::size_t best_size(std::size_t n_features, std::size_t available);

    /// Whether all features of X but one at most lie in a half of each split.
    static bool serves(const MatrixView& X, const FeatureHalves& halves) {
        return X.n_columns - 2 * halves.half_size <= 1;
    }

    /// A group of all splits in `halves`. What it is made of must outlive it. A task of a parallel
    /// loop must do with one thread.
    SplitGroup(const MatrixView& X, const RowClasses& classes, const FeatureHalves& halves,
               Metric metric, const HeavyFeatures& heavy, const Kernels& kernels, int n_threads);

    SplitGroup(const SplitGroup&) = delete;
    SplitGroup& operator=(const SplitGroup&) = delete;

    std::size_t n_splits() const { return halves_.n_splits; }
    std::size_t n_halves() const { return 2 * halves_.n_splits; }
    std::size_t n_blocks() const { return grid_.n_blocks(); }

    /// Doubles from one half's distances to the next.
    std::size_t half_stride() const;

    /// Writes a block's distances, in the order of tiles, for every half: to out + (2 s + h) *
    /// half_stride() for half h of split s. Blocks may be computed by any thread.
    void compute_block(std::size_t block, double* out);

    /// False where the errors of the distances cannot be bounded.
    bool usable() const { return usable_; }

    /// What the distances of half h of split s stand for, once all blocks have been computed.
    PairDistances half(std::size_t s, std::size_t h) const;

private:
    Columns columns(std::size_t s, std::size_t h) const;
    void add_column_terms();
    void add_column_term(std::size_t half, double sign, std::int64_t column);
    void measure_rows(int n_threads);
    std::vector<std::uint32_t> packed_places() const;
    std::vector<double> measure(int n_threads);
    void measure_panel(std::size_t p, const std::uint32_t* places, double* largest_ratios);
    std::vector<double> measure_centred(int n_threads);
    double measure_centred_half(std::size_t half, double* means);
    std::size_t finish_tiles(std::size_t first_row, std::size_t first_column, const double* tiles,
                             double* out, ExtremeLanes* extremes) const;
    void finish_tile(std::size_t half, std::size_t first_row, std::size_t first_column,
                     const double* tiles, double* out, ExtremeLanes& extremes) const;
    std::size_t write_pairs(std::size_t first_row, std::size_t first_column,
                            const double* distances, double* out) const;
    const double* norms(std::size_t s, std::size_t h) const {
        return norms_.data() + (2 * s + h) * norm_stride_;
    }

    const MatrixView& X_;
    const RowClasses& classes_;
    const FeatureHalves halves_;
    const Metric metric_;
    const HeavyFeatures& heavy_;
    const Kernels& kernels_;
    const TileGrid grid_;
    const TileOrder order_of_pairs_;
    const PatternOrder order_;
    PackedRows rows_;
    RankOneTerms terms_;
    std::vector<double> norms_;
    std::vector<double> inverse_norms_;
    std::size_t norm_stride_ = 0;
    std::vector<double> errors_;
    /// Of every half in every block.
    std::vector<ValueRange> ranges_;
    bool usable_ = false;
};

}  // namespace fastshesha
