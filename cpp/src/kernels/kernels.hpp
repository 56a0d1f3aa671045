#pragma once

#include <cstddef>
#include <cstdint>

#include "fastshesha/simd_level.hpp"

namespace fastshesha {

/// After n_features more features, split `split` enters (turns_on) or leaves its first half.
struct SplitStep {
    std::size_t n_features;
    unsigned split;
    bool turns_on;
};

/// Doubles in the widest vector of any level.
inline constexpr std::size_t max_lanes = 8;

/// Replicates of a bootstrap that are weighed side by side. A row of counts holds, for each of
/// them, how often it drew a sample.
inline constexpr std::size_t replicate_lanes = 16;
/// Counts up to here keep cubes of weights and of small ties within 63 bits.
inline constexpr unsigned largest_count = 127;

/// A stretch of a sorted order: pairs whose distances occur once, then n_tied (0 or 2 and more)
/// pairs of one distance.
struct TieRun {
    std::uint32_t n_single;
    std::uint32_t n_tied;
};

/// Lines of ranks that are read in any order lie this close together, so that the cache can hold
/// what surrounds the next one. Writing, which need not wait, goes far and wide instead.
inline constexpr std::size_t lines_per_window = 1024;

/// Pairs of samples in rising order of distance. A replicate holds a pair as often as the product
/// of two of its counts says: that is the pair's weight.
struct WeightedPairs {
    const std::uint8_t* counts;    ///< rows of replicate_lanes counts
    const std::uint32_t* rows;     ///< which two of them a pair takes: low half and high half
    const std::uint32_t* line_of;  ///< its line of ranks, in the window of its place when read
    std::size_t first;             ///< place of the first pair in the whole order
    const TieRun* runs;
    std::size_t n_runs;
    std::uint32_t largest_weight;
};

/// Where the ranks of each replicate stand while its pairs are passed in order.
struct RankProgress {
    /// Twice the weight passed so far, less the whole weight: the doubled rank of a tie group of
    /// weight t that comes next is place + t, counted from the mean rank.
    std::int32_t place[replicate_lanes];
    /// Sums of t^3 over tie groups of several pairs, less w^3 for each of their pairs; what may be
    /// large goes into the second.
    std::int64_t small_cubes[replicate_lanes];
    __extension__ unsigned __int128 large_cubes[replicate_lanes];
};

/// Sums of products of ranks, as low + 2^32 high.
struct RankProducts {
    std::int64_t low[replicate_lanes];
    std::int64_t high[replicate_lanes];
};

/// Pairs of samples with both their distances, in any order, and counts as doubles.
struct WeightedDistances {
    const double* counts;
    const std::uint32_t* rows;
    const double* a;
    const double* b;
    std::size_t n;
};

/// For every replicate, weighted sums of two distances, of their squares and of their product.
struct ReplicateMoments {
    double a[replicate_lanes];
    double b[replicate_lanes];
    double aa[replicate_lanes];
    double bb[replicate_lanes];
    double ab[replicate_lanes];
};

/// Rows, and the sums that each of them is added to; rows of one class share theirs.
struct ClassedRows {
    const double* const* values;
    double* const* class_sums;
    std::size_t n;
};

/// Extremes of some values: those of all lanes together.
struct ExtremeLanes {
    double lowest[max_lanes];
    double highest[max_lanes];
};

/// Some features of a row and its values there.
struct ListedFeatures {
    const double* values;
    const std::uint32_t* features;
    std::size_t n;
};

/// The inner loops of one instruction set. Rows are packed in panels of `panel_rows`: feature k
/// of row r of a panel lies at panel[k * panel_rows + r]. A tile is the product of one panel
/// (rows) with `tile_panels` panels (columns), stored row after row; vectors run across the
/// columns, so that each pair's sum keeps the order of a scalar loop.
struct Kernels {
    SimdLevel level;
    std::size_t panel_rows;
    std::size_t tile_panels;

    /// tile[r][c] += sum over k of rows[k][r] * columns[k][c], rounded after every step.
    /// Column panels lie `panel_stride` doubles apart.
    void (*add_products)(const double* rows, const double* columns, std::size_t panel_stride,
                         std::size_t n_features, double* tile);

    /// sums[c] += sum over the listed k of row[k] * columns[k][c] for one row of a tile, rounded
    /// after every step.
    void (*add_listed_products)(const ListedFeatures& row, const double* columns,
                                std::size_t panel_stride, double* sums);

    /// tile[r][c] += sum over k of (rows[k][r] - columns[k][c])^2, rounded after every step.
    void (*add_squared_differences)(const double* rows, const double* columns,
                                    std::size_t panel_stride, std::size_t n_features, double* tile);

    /// sums[r] += sum over k of panel[k][r]^2.
    void (*add_squares)(const double* panel, std::size_t n_features, double* sums);

    /// squares[r] = sum over the listed features k of panel[k][r]^2 in SciPy's order: even and odd
    /// places of the list apart, then the last of an odd number.
    void (*listed_squares)(const double* panel, const std::uint32_t* features, std::size_t n,
                           double* squares);

    /// out[c] = 1 - clip(dots[c] / (row_norm * column_norms[c]), -1, 1) for one row of a tile.
    void (*cosine_distances)(const double* dots, double row_norm, const double* column_norms,
                             double* out);

    /// out[c] = 1 - dots[c] * inverse_norm * inverse_norms[c] for one row of a tile: a cosine
    /// distance with other roundings and no clipping.
    void (*scaled_distances)(const double* dots, double inverse_norm, const double* inverse_norms,
                             double* out);

    /// The same for a whole tile, whose dots are sums[r][c], or totals[r][c] - sums[r][c] where
    /// totals are given. Extremes take the distances in.
    void (*scaled_tile)(const double* sums, const double* totals, const double* row_inverse_norms,
                        const double* column_inverse_norms, double* out, ExtremeLanes& extremes);

    /// sums[c] += factor * values[c] for one row of a tile.
    void (*add_multiple)(double factor, const double* values, double* sums);

    /// sums[k] += values[k] - centre[k] for n columns.
    void (*add_deviations)(const double* values, const double* centre, std::size_t n, double* sums);

    /// sums[k] += (values[k] - centre[k])^2 for n columns.
    void (*add_squared_deviations)(const double* values, const double* centre, std::size_t n,
                                   double* sums);

    /// Adds n columns of every row to the row's class sums and to the sums of all rows, and their
    /// squared deviations from the centre to the squares, row after row.
    void (*add_row_moments)(const ClassedRows& rows, const double* centre, std::size_t n,
                            double* sums, double* squares);

    /// out[c] = sqrt(squares[c]) for one row of a tile.
    void (*square_roots)(const double* squares, double* out);

    /// Bit c of columns[r] is set unless tile[r][c] <= limits[r]; NaN is above every limit.
    void (*columns_above)(const double* tile, const double* limits, std::uint32_t* columns);

    /// How many of n values are larger than a limit.
    std::size_t (*count_above)(const double* values, std::size_t n, double limit);

    /// Extremes of n >= 1 values without NaN.
    void (*extremes)(const double* values, std::size_t n, double* lowest, double* highest);

    /// The number of leading items, at most n - 1, whose keys (the bits from `shift` up) lie more
    /// than `window` below the key of the next item.
    std::size_t (*count_clear)(const std::uint64_t* items, std::size_t n, int shift,
                               std::uint64_t window);

    /// Sorts n items, each of them no more than `reach` <= place_reach from its place. As many
    /// entries before them are no larger, and after them no smaller, than all of them; another
    /// vector may be read. `sorted` lies elsewhere.
    void (*place_items)(const std::uint64_t* items, std::size_t n, std::size_t reach,
                        std::uint64_t* sorted);

    /// Adds weighted distances, and their weighted products, to the sums.
    void (*add_weighted_moments)(const WeightedDistances& pairs, ReplicateMoments& sums);

    /// add_products with fused multiply-adds, each rounded once; null where the CPU has none.
    void (*add_products_fused)(const double* rows, const double* columns, std::size_t panel_stride,
                               std::size_t n_features, double* tile);

    /// Fused running sum C over all features. At every step C is taken from the split's tile
    /// where it turns on and added where it does not; tile n_splits receives C in the end.
    void (*add_split_products)(const double* rows, const double* columns, std::size_t panel_stride,
                               const SplitStep* steps, std::size_t n_steps, double* tiles,
                               std::size_t n_splits);

    /// Writes the centred doubled ranks of every pair into its line; `past_cache` where there are
    /// more lines than a cache keeps.
    void (*rank_pairs)(const WeightedPairs& pairs, bool past_cache, RankProgress& progress,
                       std::int32_t* lines);

    /// Adds weight * rank * rank in the order of which the pair's line speaks. The sums are
    /// carried into their high parts after at most carry_interval pairs.
    void (*add_rank_products)(const WeightedPairs& pairs, const std::int32_t* lines,
                              std::size_t carry_interval, RankProgress& progress,
                              RankProducts& products);
};

// Kernels of files with flags of their own, gathered into the level's table.
#define FASTSHESHA_DECLARE_REPLICATES(level)                                                     \
    void rank_pairs_##level(const WeightedPairs& pairs, bool past_cache, RankProgress& progress, \
                            std::int32_t* lines);                                                \
    void add_rank_products_##level(const WeightedPairs& pairs, const std::int32_t* lines,        \
                                   std::size_t carry_interval, RankProgress& progress,           \
                                   RankProducts& products);
#define FASTSHESHA_DECLARE_LEVEL(level)                                                        \
    void add_products_fused_##level(const double* rows, const double* columns,                 \
                                    std::size_t panel_stride, std::size_t n_features,          \
                                    double* tile);                                             \
    void add_split_products_##level(const double* rows, const double* columns,                 \
                                    std::size_t panel_stride, const SplitStep* steps,          \
                                    std::size_t n_steps, double* tiles, std::size_t n_splits); \
    FASTSHESHA_DECLARE_REPLICATES(level)
FASTSHESHA_DECLARE_REPLICATES(baseline)
FASTSHESHA_DECLARE_LEVEL(avx2)
FASTSHESHA_DECLARE_LEVEL(avx512)
#undef FASTSHESHA_DECLARE_LEVEL
#undef FASTSHESHA_DECLARE_REPLICATES

/// Largest tile of any level, for buffers on the stack.
inline constexpr std::size_t max_panel_rows = 8;
/// All levels but those of the largest panels have these.
inline constexpr std::size_t smallest_panel_rows = 4;
inline constexpr std::size_t max_tile_columns = 24;

/// Items to sort are 64-bit integers from item_marker up to twice that, all different. Their bits
/// are those of positive normal doubles, so that they can be compared as such.
inline constexpr int item_bits = 61;
inline constexpr std::uint64_t item_marker = std::uint64_t{1} << item_bits;
inline constexpr std::size_t place_reach = 31;
inline constexpr std::size_t max_vector_items = 4;

}  // namespace fastshesha
